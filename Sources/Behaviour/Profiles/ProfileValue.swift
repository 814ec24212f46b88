/// What the values of a profile mean: the data dictionary.
public enum ProfileValue {
  /// Name and meaning of each value, in the order of a profile.
  public static let dictionary: [(name: String, meaning: String)] = [
    ("erasures", "how many people had been erased from the database; the recommender refuses models learnt before"),
    ("first_seen", "time of the first event"),
    ("last_seen", "time of the last event"),
    ("events", "how many events there are"),
    ("KIND_count", "how many events of a kind there are: purchase_count, view_count, ..."),
    ("mean_rating", "mean of the ratings that the person gave"),
    ("active_days", "days on the person's clock with at least one event"),
    ("visits", "runs of events without a pause of more than half an hour"),
    ("events_per_visit", "depth: mean number of events in a visit"),
    ("orders", "orders with at least one piece that was not refunded"),
    ("revenue", "what was paid in the currency of most purchases, refunds taken off"),
    ("purchases_in_other_currencies", "purchases whose prices are in no amount, as they are in another currency"),
    ("pieces", "pieces bought, refunds taken off"),
    ("average_order_value", "revenue by orders"),
    ("average_order_products", "different lines in an order, on average"),
    ("first_order", "time of the first purchase"),
    ("last_order", "time of the last purchase"),
    ("days_between_orders", "median number of days between two orders"),
    ("new_product_share", "part of purchases within 30 days of the product's first sale"),
    ("below_usual_price_share", "part of purchases at least 10 % below the product's mean price"),
    ("top_category_share", "weight of the strongest category among all"),
    ("top_brand_share", "weight of the strongest brand among all"),
    ("days_since_order", "days from the last order to the day of the build"),
    ("orders_per_year", "orders by the time since the first one, at least 30 days"),
    ("rfm_recency", "fifth of all buyers by the last order, 5 the latest"),
    ("rfm_frequency", "fifth of all buyers by orders, 5 the most"),
    ("rfm_monetary", "fifth of all buyers by revenue, 5 the highest"),
    ("churn_risk", "probability of having left for good (BG/NBD)"),
    ("expected_orders_next_year", "days with a purchase expected in 52 weeks (BG/NBD)"),
    ("expected_days_to_next_order", "364 days by the expected orders"),
    ("expected_order_value", "expected spend on a day with a purchase (gamma-gamma)"),
    ("lifetime_value_next_year", "expected revenue of twelve months, discounted by 1 % a month"),
    ("categories", "interest in categories, events weighed by kind and halved every 90 days"),
    ("brands", "the same for brands"),
    ("price_bands", "the same for products of low, middle and high price"),
    ("words", "the same for words of product names and searches"),
    ("channels", "parts of the channels"),
    ("hours", "parts of the hours on the person's clock"),
    ("weekdays", "parts of the days of the week, 1 being Monday"),
  ]

  /// The values that are times.
  static let times: Set<String> = ["first_seen", "last_seen", "first_order", "last_order"]
}
