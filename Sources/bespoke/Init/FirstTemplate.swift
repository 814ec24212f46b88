/// The templates that `init` writes.
enum FirstTemplate {
  /// A product's page.
  static let page = """
    {%- comment -%}
    A product's page. What stands between braces is filled in; change the words and the markup as you like.
    'head' holds the title, the description and the structured data that search engines read.
    {%- endcomment -%}
    <!DOCTYPE html>
    <html lang="{{ locale }}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    {{ head }}
    <style>
    :root { color-scheme: light dark; --ink: #222; --quiet: #666; --line: #e2e2de; --paper: #fff; --plate: #f5f5f2; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e8e8e5; --quiet: #a4a7aa; --line: #34373a; --paper: #16181a; --plate: #222528; }
    }
    body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1.25rem 4rem; font: 1.05rem/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
    article { display: grid; gap: 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); align-items: start; }
    h1 { margin: 0 0 .75rem; font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
    p { margin: 0 0 1rem; }
    img { width: 100%; height: auto; aspect-ratio: 1; object-fit: contain; border-radius: .5rem; background: var(--plate); }
    table { width: 100%; border-collapse: collapse; font-size: .95rem; line-height: 1.4; }
    th, td { padding: .45rem 1rem .45rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
    th { width: 45%; color: var(--quiet); font-weight: 500; }
    .price { font-size: 1.4rem; font-weight: 600; }
    .quiet { color: var(--quiet); }
    </style>
    </head>
    <body>
    <p class="quiet">{{ site.name }}{% if product.category %} · {{ product.category }}{% endif %}</p>
    <article>
    {%- if product.image %}
    <img src="{{ product.image }}" alt="{{ product.name }}" width="800" height="800">
    {%- endif %}
    <div>
    {%- if product.brand %}
    <p class="quiet">{{ product.brand }}</p>
    {%- endif %}
    <h1>{{ product.name }}</h1>
    {%- if product.price and product.currency %}
    <p class="price">{% if product.sale_price %}{{ product.sale_price | money: product.currency }} <del class="quiet">{{ product.price | money: product.currency }}</del>{% else %}{{ product.price | money: product.currency }}{% endif %}</p>
    {%- endif %}
    {%- if product.rating.value %}
    <p class="quiet">{{ product.rating.value | number: 1 }} / 5{% if product.rating.count %} ({{ product.rating.count }}){% endif %}</p>
    {%- endif %}
    {%- if product.description %}
    <p>{{ product.description | newline_to_br }}</p>
    {%- endif %}
    {%- if product.attributes %}
    <table>
    {%- for attribute in product.attributes %}
    <tr><th scope="row">{{ attribute[0] | replace: '_', ' ' | capitalize }}</th><td>{{ attribute[1] }}</td></tr>
    {%- endfor %}
    </table>
    {%- endif %}
    </div>
    </article>
    </body>
    </html>

    """

  /// What a CMS stores as the content of a product's page.
  static let content = """
    {%- comment -%} The part of the page that a CMS imports: plain markup without styles. {%- endcomment -%}
    {%- if product.image -%}
    <figure><img src="{{ product.image }}" alt="{{ product.name }}" width="800" height="800" loading="lazy"></figure>
    {% endif -%}
    {%- if product.price and product.currency -%}
    <p><strong>{{ product.price | money: product.currency }}</strong></p>
    {% endif -%}
    {%- if product.description -%}
    <p>{{ product.description }}</p>
    {% endif -%}

    """
}
