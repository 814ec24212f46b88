import Core
import Markup

/// A message with a plain and an HTML version of one content.
struct Message {
  var from: Mailbox
  var to: Mailbox
  var replyTo: Mailbox?
  var subject: String
  /// In seconds since 1970.
  var date: Int64
  /// An https URL that unsubscribes by one POST.
  var unsubscribeURL: String
  var unsubscribeAddress: Mailbox?
  var text: [UInt8]
  var html: [UInt8]
  /// A BCP 47 tag.
  var locale: String
  /// What tells the message from all others of a run.
  var seed: UInt64
}

/// Writes messages as files: RFC 5322 and MIME.
///
/// RFC 2045 and 2046, with the headers that mailbox providers ask of bulk senders (RFC 2369, RFC 8058). The same message
/// is always the same bytes.
enum MessageWriter {
  static func write(_ message: Message) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity((message.text.count + message.html.count) * 5 / 4 + 2048)
    let fingerprint = fingerprint(of: message)
    // Quoted-printable and Base64 hold no "=_", so that no part can hold the boundary.
    let boundary = "=_bespoke_\(fingerprint)"
    mailbox("From", message.from, to: &output)
    mailbox("To", message.to, to: &output)
    if let replyTo = message.replyTo { mailbox("Reply-To", replyTo, to: &output) }
    output.append(raw: "Subject: " as StaticString)
    EncodedWord.append(message.subject.onOneLine, to: &output, column: 9)
    line("", to: &output)
    line("Date: \(UTCDate(message.date).rfc2822)", to: &output)
    line("Message-ID: <\(fingerprint)@\(message.from.domain)>", to: &output)
    unsubscribe(message, to: &output)
    line("MIME-Version: 1.0", to: &output)
    if !message.locale.isEmpty { line("Content-Language: \(message.locale)", to: &output) }
    line("Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"", to: &output)
    // The last alternative is the one to be preferred (RFC 2046, section 5.1.4).
    part(message.text, "text/plain", boundary, to: &output)
    part(message.html, "text/html", boundary, to: &output)
    line("\r\n--\(boundary)--", to: &output)
    return output
  }

  private static func fingerprint(of message: Message) -> String {
    var hash = SeedHash(message.seed)
    hash.combine(message.to.address)
    hash.combine(message.subject)
    hash.combine(String(decoding: message.html, as: UTF8.self))
    let digits = [message.seed, hash.value].map { number in
      let text = String(number, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits.joined()
  }

  private static func line(_ text: String, to output: inout [UInt8]) {
    output.append(raw: text)
    output.append(raw: "\r\n" as StaticString)
  }

  private static func mailbox(_ name: String, _ mailbox: Mailbox, to output: inout [UInt8]) {
    output.append(raw: "\(name): ")
    mailbox.appendHeader(to: &output, column: name.utf8.count + 2)
    line("", to: &output)
  }

  private static func unsubscribe(_ message: Message, to output: inout [UInt8]) {
    output.append(raw: "List-Unsubscribe: <" as StaticString)
    output.append(raw: message.unsubscribeURL)
    output.append(UInt8(ascii: ">"))
    if let address = message.unsubscribeAddress {
      output.append(raw: ",\r\n <mailto:\(address.address)?subject=unsubscribe>")
    }
    line("", to: &output)
    line("List-Unsubscribe-Post: List-Unsubscribe=One-Click", to: &output)
  }

  private static func part(_ content: [UInt8], _ type: String, _ boundary: String, to output: inout [UInt8]) {
    let encoding = TransferEncoding(for: content)
    line("\r\n--\(boundary)", to: &output)
    line("Content-Type: \(type); charset=utf-8", to: &output)
    line("Content-Transfer-Encoding: \(encoding.rawValue)\r\n", to: &output)
    encoding.append(content, to: &output)
  }
}
