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
    body { margin: 0 auto; max-width: 64rem; padding: 2rem 1rem; font: 1.05rem/1.6 system-ui, sans-serif; color: #222; }
    article { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
    img { width: 100%; height: auto; }
    .price { font-size: 1.4rem; font-weight: 600; }
    .quiet { color: #666; }
    th { text-align: left; padding-right: 1rem; font-weight: 500; }
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
    <p class="quiet">{{ product.rating.value }} / 5{% if product.rating.count %} ({{ product.rating.count }}){% endif %}</p>
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
