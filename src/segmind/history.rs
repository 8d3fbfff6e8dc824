//! The account's request history: the only proof of what became of a lost response. (Segmind, Python SDK,
//! `generations`.)

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::model::Usd;
use crate::model::text::lines;

use super::call::Call;
use super::client::Client;
use super::endpoints::is_usable_id;
use super::error::{ApiError, ApiResponse, Stage};
use super::{json, read};

/// The most rows of a page (Segmind, request history docs, `per_page`).
const PER_PAGE: &str = "100";
/// The longest words that [`HistoryRow::rest`] keeps, in bytes.
const MAX_WORDS: usize = 200;
/// The most fields of an object that it keeps.
const MAX_FIELDS: usize = 50;

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
    /// The bill as it came, if it is no amount.
    pub odd_cost: Option<String>,
    /// The inputs as sent.
    pub request_body: Option<Value>,
    /// Of the video.
    pub url: Option<String>,
    pub latency_ms: Option<u64>,
    pub created: Option<Timestamp>,
    pub error: Option<String>,
    /// What else the row says in short words and numbers, such as how a draft is named.
    pub rest: Value,
}

impl HistoryState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }
}

impl Client {
    /// A page, from 1, of the requests from one day to another in UTC, newest first; at most 31 days. A response that is
    /// no list is an error: an unreadable history must not pass for an empty one.
    pub async fn history(
        &self,
        page: u32,
        from: Date,
        to: Date,
    ) -> Result<ApiResponse<HistoryPage>, ApiError> {
        let mut url = self.routes().history();
        url.query_pairs_mut()
            .append_pair("page", &page.to_string())
            .append_pair("per_page", PER_PAGE)
            .append_pair("from_date", &from.to_string())
            .append_pair("to_date", &to.to_string())
            .append_pair("sort_by", "model_created")
            .append_pair("sort_order", "desc");
        let reply = self.call(Call::ask(Stage::History, url)).await?;
        match reply.good_json().as_ref().and_then(read_page) {
            Some(page) => Ok(reply.done(page)),
            None => Err(reply.failed("a list of requests")),
        }
    }

    /// One own request of any age; `None` when the provider says that it has none of this id.
    /// A 404 counts as "none" only when it comes as JSON, not from a gateway.
    pub async fn history_one(&self, request_id: &str) -> Result<ApiResponse<Option<HistoryRow>>, ApiError> {
        super::jobs::check_id(request_id)?;
        let call = Call::ask(Stage::History, self.routes().history_one(request_id));
        let reply = self.call(call).await?;
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

fn read_page(json: &Value) -> Option<HistoryPage> {
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
        url: read::first(value, &["/generation_url", "/generation_url/0"], read::url),
        latency_ms: read::first(value, &["/latency_ms"], read::whole),
        created: read::first(value, &["/model_created", "/created_at", "/created"], read::time),
        error: error.map(|text| lines(&text, 2000)),
        rest: short_words(value, 2),
    })
}

/// The words and numbers of an object and of those within it, `depth` levels deep, without the inputs.
fn short_words(value: &Value, depth: u8) -> Value {
    let is_short = |value: &Value| match value {
        Value::String(text) => text.len() <= MAX_WORDS,
        Value::Number(_) => true,
        _ => false,
    };
    let fields = value.as_object().into_iter().flatten();
    let kept = fields.filter_map(|(name, value)| match value {
        Value::Object(_) if depth > 1 && name != "request_body" => {
            Some((name.clone(), short_words(value, depth - 1)))
        }
        value if is_short(value) => Some((name.clone(), value.clone())),
        _ => None,
    });
    Value::Object(kept.take(MAX_FIELDS).collect())
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
        if let (Value::Object(own), Value::Object(more)) = (&mut self.rest, other.rest) {
            for (name, value) in more {
                own.entry(name).or_insert(value);
            }
        }
    }
}
