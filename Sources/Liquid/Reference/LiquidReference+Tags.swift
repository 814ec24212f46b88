extension LiquidReference {
  /// The tags, by name.
  public static let tags: [Entry] = [
    Entry("#", "A comment of one tag.", "a{% # not shown %}b", "ab"),
    Entry(
      "abort", "Stops the template, with a reason for the report.", "{% if 1 > 2 %}{% abort 'sold out' %}{% endif %}ok",
      "ok", isOwn: true),
    Entry("assign", "Sets a variable.", "{% assign name = 'Ann' | upcase %}{{ name }}", "ANN"),
    Entry(
      "block", "A part of a layout that a template may replace.", "{% block title %}Shop{% endblock %}", "Shop",
      isOwn: true),
    Entry(
      "break", "Ends the loop.", "{% for i in (1..5) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "12"),
    Entry(
      "capture", "Sets a variable to what its body prints.", "{% capture x %}a{{ 1 }}{% endcapture %}{{ x }}", "a1"),
    Entry(
      "case", "Chooses by value.", "{% case 2 %}{% when 1 %}one{% when 2, 3 %}few{% else %}many{% endcase %}", "few"),
    Entry("comment", "Leaves its body out.", "a{% comment %}not shown{% endcomment %}b", "ab"),
    Entry(
      "continue", "Goes on with the loop's next element.",
      "{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "13"),
    Entry(
      "cycle", "Prints its values in turn.", "{% for i in (1..3) %}{% cycle 'odd', 'even' %} {% endfor %}",
      "odd even odd "
    ),
    Entry("decrement", "Counts down from -1.", "{% decrement n %} {% decrement n %}", "-1 -2"),
    Entry("doc", "Text for the template's authors.", "a{% doc %}not shown{% enddoc %}b", "ab"),
    Entry("echo", "Prints a value, as {{ }} does.", "{% echo 'a' | upcase %}", "A"),
    Entry(
      "for", "Repeats its body for each element.",
      "{% for i in (1..9) limit: 3 offset: 2 %}{{ i }}{% unless forloop.last %}, {% endunless %}{% endfor %}", "3, 4, 5"
    ),
    Entry(
      "if", "Prints its body if a condition holds.", "{% if 1 > 2 %}a{% elsif 2 > 1 %}b{% else %}c{% endif %}", "b"),
    Entry(
      "ifchanged", "Prints its body if that differs from the last time.",
      "{% assign all = '1 1 2' | split: ' ' %}{% for i in all %}{% ifchanged %}{{ i }}{% endifchanged %}{% endfor %}",
      "12"
    ),
    Entry(
      "include", "Prints a partial that shares all variables; prefer render.",
      "{% assign name = 'Ann' %}{% include 'greeting' %}", "Hello Ann"),
    Entry("increment", "Counts up from 0.", "{% increment n %} {% increment n %}", "0 1"),
    Entry(
      "layout", "Puts the template's blocks into another template.",
      "{% layout 'page' %}{% block body %}new{% endblock %}", "<new>", isOwn: true),
    Entry("liquid", "Several tags, one a line.", "{% liquid\n  assign x = 2\n  echo x\n%}", "2"),
    Entry(
      "parent", "Inside a block, prints what the block replaces.",
      "{% layout 'page' %}{% block body %}{% parent %}, new{% endblock %}", "<old, new>", isOwn: true),
    Entry("raw", "Prints its body as it stands.", "{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    Entry(
      "render", "Prints a partial that sees its arguments only.", "{% render 'greeting', name: 'Ann' %}", "Hello Ann"),
    Entry(
      "tablerow", "Repeats its body as cells of an HTML table.",
      "{% tablerow i in (1..2) cols: 2 %}{{ i }}{% endtablerow %}",
      "<tr class=\"row1\">\n<td class=\"col1\">1</td><td class=\"col2\">2</td></tr>\n"),
    Entry("unless", "Prints its body if a condition does not hold.", "{% unless 1 > 2 %}a{% endunless %}", "a"),
  ]
}
