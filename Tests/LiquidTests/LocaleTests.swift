import Core
import Foundation
import Liquid
import Testing

struct LocaleTests {
  static let locales = [
    "en-US", "en-GB", "en-IN", "de-DE", "de-AT", "de-CH", "fr-FR", "fr-CH", "es-ES", "it-IT", "pt-BR", "pt-PT", "nl-NL",
    "pl-PL", "cs-CZ", "sv-SE", "nb-NO", "da-DK", "fi-FI", "hu-HU", "ro-RO", "bg-BG", "el-GR", "ru-RU", "uk-UA", "tr-TR",
    "he-IL", "ar-EG", "fa-IR", "hi-IN", "ja-JP", "zh-CN", "zh-TW", "ko-KR", "th-TH", "vi-VN", "id-ID", "hr-HR", "lt-LT",
    "lv-LV",
  ]
  static let amounts = [
    "0", "1", "-1", "0.5", "12.34", "999.99", "1000", "1234.5", "12345.67", "-1234567.89", "987654321.125",
  ]

  @Test(arguments: locales)
  func moneyIsWrittenAsFoundationWritesIt(locale: String) throws {
    for currency in ["EUR", "USD", "JPY", "CHF", "KWD", "INR", "GBP", "SEK"] {
      let style = Decimal.FormatStyle.Currency(code: currency, locale: Locale(identifier: locale))
      for amount in Self.amounts {
        let output = try render("{{ amount | money: '\(currency)' }}", "{\"amount\": \"\(amount)\"}") {
          $0.locale = locale
        }
        let expected = try #require(Decimal(string: amount)).formatted(style)
        #expect(output == expected, "\(amount) \(currency) in \(locale)")
      }
    }
  }

  @Test(arguments: locales)
  func numbersAreWrittenAsFoundationWritesThem(locale: String) throws {
    let style = Decimal.FormatStyle(locale: Locale(identifier: locale)).precision(.fractionLength(2))
    for amount in Self.amounts {
      let output = try render("{{ amount | number: 2 }}", "{\"amount\": \(amount)}") { $0.locale = locale }
      #expect(output == (try #require(Decimal(string: amount)).formatted(style)), "\(amount) in \(locale)")
    }
  }

  @Test(arguments: locales)
  func percentagesAreWrittenAsFoundationWritesThem(locale: String) throws {
    let style = Decimal.FormatStyle.Percent(locale: Locale(identifier: locale)).precision(.fractionLength(1))
    for fraction in ["0", "0.25", "-0.125", "1", "12345.678"] {
      let output = try render("{{ fraction | percent: 1 }}", "{\"fraction\": \(fraction)}") { $0.locale = locale }
      #expect(output == (try #require(Decimal(string: fraction)).formatted(style)), "\(fraction) in \(locale)")
    }
  }

  /// Every locale that Foundation knows, in eight groups.
  static let groups: [[String]] = {
    let all = Locale.availableIdentifiers.sorted().map { $0.replacing("_", with: "-") }
    return (0..<8).map { group in all.indices.filter { $0 % 8 == group }.map { all[$0] } }
  }()

  @Test(arguments: groups)
  func everyLocaleIsWrittenAsFoundationWritesIt(locales: [String]) throws {
    #expect(locales.count > 50)
    let data = try Document(json: #"{"amount": -1234567.891, "moment": 1798675200}"#)
    let template = try TemplateSet().parse(
      "{{ amount | money }}|{{ amount | number: 2 }}|{{ amount | percent }}|{{ moment | date: 'long' }}", name: "t")
    let amount = try #require(Decimal(string: "-1234567.891"))
    let renderer = Renderer()
    for name in locales {
      let locale = Locale(identifier: name)
      var scope = Scope(root: data.root.raw, access: Accessors.table)
      scope.locale = name
      scope.currency = "EUR"
      var date = Date.FormatStyle(date: .long, time: .omitted)
      date.locale = locale
      date.timeZone = .gmt
      date.calendar = Calendar(identifier: .gregorian)
      let expected = [
        amount.formatted(Decimal.FormatStyle.Currency(code: "EUR", locale: locale)),
        amount.formatted(Decimal.FormatStyle(locale: locale).precision(.fractionLength(2))),
        amount.formatted(Decimal.FormatStyle.Percent(locale: locale).precision(.fractionLength(0))),
        Date(timeIntervalSince1970: 1_798_675_200).formatted(date),
      ]
      #expect(try renderer.text(template, scope: scope) == expected.joined(separator: "|"), "\(name)")
    }
    withExtendedLifetime(data) {}
  }

  @Test(arguments: locales)
  func datesAreWrittenAsFoundationWritesThem(locale: String) throws {
    for (name, width) in [
      ("short", Date.FormatStyle.DateStyle.numeric), ("medium", .abbreviated), ("long", .long), ("full", .complete),
    ] {
      var style = Date.FormatStyle(date: width, time: .omitted)
      style.locale = Locale(identifier: locale)
      style.timeZone = .gmt
      style.calendar = Calendar(identifier: .gregorian)
      for seconds in [0, 1_772_352_000, 1_798_675_200, 4_102_444_800] {
        let output = try render("{{ \(seconds) | date: '\(name)' }}") { $0.locale = locale }
        #expect(output == Date(timeIntervalSince1970: Double(seconds)).formatted(style), "\(name) in \(locale)")
      }
    }
  }

  @Test func minorUnitsFollowTheCurrency() throws {
    var options = TemplateOptions()
    options.moneyUnit = .minor
    #expect(try render("{{ 1234 | money }} {{ 1234 | money: 'JPY' }}", options: options) == "$12.34 ¥1,234")
  }

  @Test(arguments: [
    ("en", ["one", "other", "other", "other"]), ("pl", ["one", "few", "many", "many"]),
    ("ar", ["one", "two", "few", "many"]), ("ja", ["other", "other", "other", "other"]),
    ("ru", ["one", "few", "many", "many"]), ("fr", ["one", "other", "other", "other"]),
    ("lt", ["one", "few", "few", "other"]), ("cy", ["one", "two", "other", "other"]),
  ])
  func pluralFormsFollowTheLanguage(language: String, expected: [String]) throws {
    let forms = ["zero", "one", "two", "few", "many", "other"].map { "\"\($0)\": \"\($0)\"" }.joined(separator: ", ")
    let numbers = [1, 2, 5, 11]
    let output = try render(
      numbers.map { "{{ 'n' | t: count: \($0) }}" }.joined(separator: " "),
      partials: ["locales/\(language).json": "{\"n\": {\(forms)}}"]
    ) { $0.locale = language }
    #expect(output == expected.joined(separator: " "))
  }

  @Test func textsFallBackFromTheRegionToTheLanguageToTheDefault() throws {
    let files = [
      "locales/de-AT.json": #"{"a": "Jänner"}"#, "locales/de.json": #"{"a": "Januar", "b": "Mai"}"#,
      "locales/en.json": #"{"a": "January", "b": "May", "c": "June"}"#,
    ]
    let output = try render("{{ 'a' | t }} {{ 'b' | t }} {{ 'c' | t }}", partials: files) { $0.locale = "de-AT" }
    #expect(output == "Jänner Mai June")
  }

  @Test func missingTextIsAFailureWithItsKey() {
    #expect {
      try render("{{ 'no.such.key' | t }}") { $0.locale = "de" }
    } throws: { "\($0)".contains("'no.such.key' has no text in 'de'") }
  }

  @Test func theCallersDefaultLocaleStandsInAndNotAnother() throws {
    let files = ["locales/de.json": #"{"a": "Januar"}"#, "locales/en.json": #"{"a": "January"}"#]
    #expect(
      try render("{{ 'a' | t }}", partials: files) {
        $0.locale = "fr"
        $0.fallbackLocale = "de-DE"
      } == "Januar")
    #expect(try render("{{ 'a' | t }}", partials: files) { $0.locale = "fr" } == "January")
  }

  @Test func textsThatAreMarkupAreNotEscapedButWhatTheyFillInIs() throws {
    let files = [
      "locales/en.json":
        #"{"a_html": "<b>{{ n }}</b>", "b": "<b>{{ n }}</b>", "c_html": {"one": "<i>{{ count }}</i>"}}"#
    ]
    let html = TemplateOptions(kind: .html)
    #expect(
      try render("{{ 'a_html' | t: n: x }}", #"{"x": "<&>"}"#, options: html, partials: files) == "<b>&lt;&amp;&gt;</b>"
    )
    #expect(
      try render("{{ 'b' | t: n: 1 }}", options: html, partials: files) == "&lt;b&gt;1&lt;/b&gt;")
    #expect(try render("{{ 'c_html' | t: count: 1 }}", options: html, partials: files) == "<i>1</i>")
  }
}
