/// The markup of a preview.
enum PreviewPage {
  /// All profiles side by side; the page loads itself anew when the version is another.
  static func all(_ profiles: [RenderedProfile], version: String) -> String {
    let columns = profiles.enumerated().map { index, profile in
      """
      <section>
      <h2>\(escaped(profile.title))</h2>
      <p>\(profile.stages.map(escaped).joined(separator: " · "))</p>
      <iframe src="/page/\(index)" title="\(escaped(profile.title))" sandbox="allow-scripts"></iframe>
      </section>
      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>preview</title>
      <style>
      \(style)
      body { display: flex; gap: 1px; height: 100vh; background: #bbb; }
      section { flex: 1; min-width: 0; display: flex; flex-direction: column; background: #f4f4f4; }
      h2, section p { margin: 0; padding: .3rem .8rem; font-size: .85rem; }
      iframe { flex: 1; border: 0; background: #fff; }
      #away { position: fixed; inset: auto 0 0; padding: .4rem .8rem; background: #a33; color: #fff; }
      </style>
      </head>
      <body>
      \(columns.joined(separator: "\n"))
      <p id="away" hidden>the preview has ended; start it again in the terminal</p>
      <script>
      const away = document.getElementById("away");
      setInterval(async () => {
        try {
          const answer = await fetch("/version", { cache: "no-store" });
          away.hidden = true;
          if (await answer.text() !== "\(version)") location.reload();
        } catch { away.hidden = false; }
      }, 700);
      </script>
      </body>
      </html>

      """
  }

  /// What is wrong, in the words of the command.
  static func problems(_ problems: [String]) -> String {
    document(
      "<h1>This cannot be shown yet</h1>\n<p>Mend what is named below and save; the page then comes by itself.</p>\n"
        + problems.map { "<pre>\(escaped($0))</pre>" }.joined(separator: "\n"))
  }

  /// Slots that are no page, as text.
  static func slots(_ slots: [(name: String, text: String)]) -> String {
    document(slots.map { "<h2>\(escaped($0.name))</h2>\n<pre>\(escaped($0.text))</pre>" }.joined(separator: "\n"))
  }

  private static func document(_ body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>preview</title>
    <style>
    \(style)
    body { padding: 1rem; }
    </style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }

  private static let style =
    """
    body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #222; }
    pre { padding: .8rem; background: #f4f0e8; white-space: pre-wrap; overflow-wrap: anywhere; }
    """

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
