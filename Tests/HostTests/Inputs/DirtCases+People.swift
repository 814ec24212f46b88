@testable import Host

extension DirtCases {
  private static let sales = #"""
    {"user":["customer","Customer ID"],"product":["code","StockCode"],"order":["invoice","Invoice"],
     "type":{"from":["invoice","Invoice"],"values":{"C*":"cancellation","A*":"adjustment"},"otherwise":"purchase"},
     "quantity":"pieces","price":"each"}
    """#

  private static func sales(_ rows: String...) -> [String] {
    ["invoice,code,pieces,each,customer\n" + rows.map { $0 + "\n" }.joined()]
  }

  static let events: [DirtCase] = [
    DirtCase(
      number: 1, testDescription: "event without user id", files: sales("7001,mug,1,2.50,", "7001,cup,1,2.50,u1"),
      name: "e.csv", kind: .event, map: sales, dirt: [.missingUser: 1], values: ["0/product": "cup"],
      rejection: "rejected row: missing user in field 'user': every event needs one (in e.csv:2)"),
    DirtCase(
      number: 2, testDescription: "cancellation with a negative quantity", files: sales("C7002,mug,-4,2.50,u1"),
      name: "e.csv", kind: .event, map: sales, dirt: [.cancellation: 1],
      values: ["0/type": "cancellation", "0/quantity": "-4", "0/order": "C7002"]),
    DirtCase(
      number: 3, testDescription: "negative quantity that is no cancellation", files: sales("7003,mug,-4,2.50,u1"),
      name: "e.csv", kind: .event, map: sales, dirt: [.negativeQuantity: 1],
      rejection:
        "rejected row: negative quantity in field 'quantity': and the event is no cancellation (in e.csv:2)"),
    DirtCase(
      number: 4, testDescription: "bad debt with a negative price", files: sales("A7004,B,1,-99.50,u1"),
      name: "e.csv", kind: .event, map: sales, dirt: [.negativePrice: 1],
      rejection: "rejected row: negative price in field 'price': no sale has one (in e.csv:2)"),
    DirtCase(
      number: 5, testDescription: "sale at price zero", files: sales("7005,mug,1,0,u1"), name: "e.csv", kind: .event,
      map: sales, dirt: [.zeroPrice: 1], values: ["0/price": "0"]),
    DirtCase(
      number: 6, testDescription: "orders that are far too large",
      files: sales("7006,mug,80000,1.00,u1", "7006,lamp,1,38000.00,u1"), name: "e.csv", kind: .event,
      map: #"""
        {"user":"customer","product":"code","quantity":{"from":"pieces","at_most":10000},
         "price":{"from":"each","at_most":10000}}
        """#, dirt: [.outOfRange: 2], values: ["0/quantity": "", "1/price": "", "1/quantity": "1"]),
    DirtCase(
      number: 7, testDescription: "whole rows twice",
      files: sales("7007,mug,1,2.50,u1", "7007,mug,1,2.50,u1", "7007,mug,2,2.50,u1"), name: "e.csv", kind: .event,
      map: sales, dirt: [.duplicateRow: 1], values: ["1/quantity": "2"],
      rejection: "rejected row: duplicate row: the whole row occurred before (in e.csv:3)"),
    DirtCase(
      number: 8, testDescription: "codes that are no products",
      files: sales("7008,POST,1,9.00,u1", "7008,gift_20,1,20.00,u1", "7008,mug,1,2.50,u1"), name: "e.csv", kind: .event,
      map: #"{"user":"customer","product":{"from":"code","except":["POST","gift_*"]}}"#,
      dirt: [.excludedValue: 2, .missingProduct: 2], values: ["0/product": "mug"],
      rejection: "rejected row: missing product in field 'product': every event needs one (in e.csv:2)"),
    DirtCase(
      number: 15, testDescription: "columns renamed between deliveries",
      files: sales("7015,mug,1,2.50,u1") + ["Invoice,StockCode,pieces,each,Customer ID\n7016,cup,1,2.50,u2\n"],
      name: "e.csv", kind: .event, map: sales, dirt: [:],
      values: ["0/user": "u1", "1/user": "u2", "1/product": "cup", "1/order": "7016"]),
    DirtCase(
      number: 16, testDescription: "deliveries that overlap",
      files: sales("7016,mug,1,2.50,u1", "7017,cup,1,2.50,u1") + sales("7017,cup,1,2.50,u1", "7018,cup,1,2.50,u1"),
      name: "e.csv", kind: .event, map: sales, dirt: [.duplicateRow: 1], values: ["2/order": "7018"],
      rejection: "rejected row: duplicate row: the whole row occurred before (in e.csv:2)"),
    DirtCase(
      number: 41, testDescription: "quantity 0, value 0, a size that is missing",
      files: [
        "household,product,quantity,value,size\nh1,p1,0,0,\nh1,p2,89638,2.00,1 L\n"
      ], name: "e.csv", kind: .event,
      map: #"{"user":"household","price":"value","quantity":{"from":"quantity","at_most":1000}}"#,
      dirt: [.zeroQuantity: 1, .zeroPrice: 1, .outOfRange: 1],
      values: ["0/size": "", "1/size": "1 L", "1/quantity": ""]),
    DirtCase(
      number: 42, testDescription: "columns of blanks without names, dates of eight digits, lines twice",
      files: ["  001  19970101   2    11.77\n  001  19970118   1  9.00\n  001  19970118   1  9.00\n"], name: "e.txt",
      kind: .event, map: #"{"user":"customer","time":"day","product":{"constant":"disc"},"price":"dollars"}"#,
      options: blankSeparated(["customer", "day", "quantity", "dollars"]), dirt: [.plainDate: 3, .duplicateRow: 1],
      values: ["0/time": "1997-01-01", "0/user": "001", "1/price": "9.00", "1/quantity": "1"],
      rejection: "rejected row: duplicate row: the whole row occurred before (in e.txt:3)"),
    DirtCase(
      number: 42, testDescription: "columns of blanks with names", files: ["user  product   quantity\n 7   mug  2\n"],
      name: "e.txt", kind: .event, options: blankSeparated(nil), dirt: [:],
      values: ["0/user": "7", "0/quantity": "2"]),
  ]

  static let profiles: [DirtCase] = [
    DirtCase(
      number: 14, testDescription: "user id written as a decimal, one user twice, country unspecified",
      files: ["id,country,locale\n17850.0,Unspecified,de_DE\n17850,France,fr\n17851.0,Norway,nb-NO\n"], name: "u.csv",
      kind: .profile, map: #"{"country":{"from":"country","except":"Unspecified"}}"#,
      dirt: [.decimalID: 2, .excludedValue: 1, .duplicateID: 1],
      values: ["0/id": "17850", "0/country": "", "0/locale": "de-DE", "1/country": "Norway"],
      rejection: "rejected row: duplicate id in field 'id': an earlier row has it (in u.csv:3)")
  ]

  private static func blankSeparated(_ columns: [String]?) -> InputOptions {
    var options = InputOptions()
    options.format = .csv
    options.separator = 0x20
    options.columns = columns
    return options
  }
}
