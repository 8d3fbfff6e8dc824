//! The account's request history: the only witness of a lost answer. (Segmind, Python SDK, `generations`.)

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::model::Usd;
use crate::model::text::lines;

use super::call::Call;
use super::client::Client;
use super::endpoints::is_usable_id;
use super::error::{Answer, ApiError, Stage};
use super::{json, read};

/// Which requests to list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryQuery {
    /// From 1.
    pub page: u32,
    /// 1 to 100; the provider may send fewer although there are more.
    pub per_page: u32,
    /// First day, in UTC; the provider's own default is seven days ago.
    pub from: Option<Date>,
    /// Last day, included; at most 31 days after the first.
    pub to: Option<Date>,
    /// Part of the model's name: `seedance-2.0` finds `seedance-2.0-fast` too.
    pub model: Option<String>,
    pub state: Option<HistoryState>,
}

impl Default for HistoryQuery {
    fn default() -> Self {
        Self {
            page: 1,
            per_page: 100,
            from: None,
            to: None,
            model: None,
            state: None,
        }
    }
}

/// What the history knows of a request's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HistoryState {
    Completed,
    Failed,
    /// Not settled, or under a word that is not known.
    Pending,
}

/// One page of the history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HistoryPage {
    /// Each request once, although the provider lists it once for each output.
    pub rows: Vec<HistoryRow>,
    /// How many rows the provider sent. Only a page with 0 proves that there are no more.
    pub listed: usize,
    /// How many of them could not be read. While this is not 0, nothing is proven to be absent.
    pub unreadable: usize,
}

/// One request as the provider remembers it.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryRow {
    pub request_id: String,
    pub model_name: Option<String>,
    pub state: HistoryState,
    /// The bill; only a completed request has one.
    pub cost: Option<Usd>,
    /// What stands in the place of the bill, where that is no amount.
    pub odd_cost: Option<String>,
    /// The inputs as sent.
    pub request_body: Option<Value>,
    /// The film's address.
    pub url: Option<String>,
    pub latency_ms: Option<u64>,
    pub created: Option<Timestamp>,
    pub error: Option<String>,
}

impl HistoryState {
    /// As it is told to people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }

    const fn wire(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Pending => "PENDING",
        }
    }
}

impl Client {
    /// A page of the history.
    ///
    /// # Errors
    /// Also when the answer is no list: an unreadable history must not pass for an empty one.
    pub async fn history(&self, query: &HistoryQuery) -> Result<Answer<HistoryPage>, ApiError> {
        let mut url = self.places().history();
        write_query(&mut url, query);
        let reply = self.call(Call::ask(Stage::History, url)).await?;
        match reply.good_json().as_ref().and_then(page) {
            Some(page) => Ok(reply.done(page)),
            None => Err(reply.failed("a list of requests")),
        }
    }

    /// One own request of any age; `None` when the provider says that it has none of this id.
    ///
    /// # Errors
    /// As [`Client::history`]. A 404 counts as "none" only when it comes as JSON, not from a gateway.
    pub async fn history_one(&self, request_id: &str) -> Result<Answer<Option<HistoryRow>>, ApiError> {
        super::jobs::check_id(request_id)?;
        let reply = self
            .call(Call::ask(Stage::History, self.places().history_one(request_id)))
            .await?;
        let Some(json) = reply.body.json() else {
            return Err(reply.failed("a request"));
        };
        if reply.status.as_u16() == 404 && read::error_text(&json).is_some() {
            return Ok(reply.done(None));
        }
        if !reply.status.is_success() {
            return Err(reply.failed("a request"));
        }
        let candidates = [
            json.pointer("/data/0"),
            json.get("data"),
            json.get(0),
            Some(&json),
        ];
        match candidates.into_iter().flatten().find_map(row) {
            Some(row) => Ok(reply.done(Some(row))),
            None if is_empty(&json) => Ok(reply.done(None)),
            None => Err(reply.failed("a request")),
        }
    }
}

fn write_query(url: &mut url::Url, query: &HistoryQuery) {
    let mut pairs = url.query_pairs_mut();
    pairs.append_pair("page", &query.page.max(1).to_string());
    pairs.append_pair("per_page", &query.per_page.clamp(1, 100).to_string());
    for (name, date) in [("from_date", query.from), ("to_date", query.to)] {
        if let Some(date) = date {
            pairs.append_pair(name, &date.to_string());
        }
    }
    if let Some(model) = &query.model {
        pairs.append_pair("model_name", model);
    }
    if let Some(state) = query.state {
        pairs.append_pair("status", state.wire());
    }
    pairs
        .append_pair("sort_by", "model_created")
        .append_pair("sort_order", "desc");
}

/// The rows, in the envelope or bare.
fn list(json: &Value) -> Option<&Vec<Value>> {
    let places = [
        Some(json),
        json.get("data"),
        json.pointer("/data/data"),
        json.pointer("/data/rows"),
    ];
    places.into_iter().flatten().find_map(Value::as_array)
}

fn is_empty(json: &Value) -> bool {
    json.get("data").is_some_and(Value::is_null) || list(json).is_some_and(Vec::is_empty)
}

fn page(json: &Value) -> Option<HistoryPage> {
    let list = list(json)?;
    let mut page = HistoryPage {
        listed: list.len(),
        ..HistoryPage::default()
    };
    for value in list {
        match row(value) {
            None => page.unreadable += 1,
            Some(row) => match page
                .rows
                .iter_mut()
                .find(|known| known.request_id == row.request_id)
            {
                Some(known) => known.fill_from(row),
                None => page.rows.push(row),
            },
        }
    }
    Some(page)
}

fn row(value: &Value) -> Option<HistoryRow> {
    let request_id = read::first(value, &["/request_id"], read::text).filter(|id| is_usable_id(id))?;
    let error = value.get("error").and_then(|_| read::error_text(value));
    Some(HistoryRow {
        request_id,
        model_name: read::first(value, &["/model_name", "/model"], read::text),
        state: state(value),
        cost: read::first(value, &["/credits_deduction"], read::cost),
        odd_cost: read::first(value, &["/credits_deduction"], read::odd_cost),
        request_body: value.get("request_body").and_then(request_body),
        url: read::first(value, &["/generation_url", "/generation_url/0"], read::address),
        latency_ms: read::first(value, &["/latency_ms"], read::whole),
        created: read::first(value, &["/model_created", "/created_at", "/created"], read::time),
        error: error.map(|text| lines(&text, 2000)),
    })
}

fn state(value: &Value) -> HistoryState {
    let word = read::first(value, &["/model_status", "/status"], read::text).unwrap_or_default();
    match word.to_ascii_uppercase().as_str() {
        "COMPLETED" | "SUCCESS" | "SUCCEEDED" => HistoryState::Completed,
        "FAILED" | "ERROR" => HistoryState::Failed,
        _ => HistoryState::Pending,
    }
}

/// The inputs, which come as an object or as JSON in a string.
fn request_body(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => json::parse(text.as_bytes()).or_else(|| Some(value.clone())),
        other => Some(other.clone()),
    }
}

impl HistoryRow {
    /// Another row of the same request adds what this one lacks.
    pub fn fill_from(&mut self, other: Self) {
        self.url = self.url.take().or(other.url);
        self.cost = self.cost.or(other.cost);
        self.odd_cost = self
            .odd_cost
            .take()
            .or(other.odd_cost)
            .filter(|_| self.cost.is_none());
        self.error = self.error.take().or(other.error);
        self.request_body = self.request_body.take().or(other.request_body);
    }
}
