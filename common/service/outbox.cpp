#include "common/service/outbox.h"

#include "common/base/bytes.h"
#include "common/log/record_check.h"

namespace hailstorm::service {
namespace {

constexpr uint32_t kNullLength = UINT32_MAX;

/// Headers as bytes, exactly as they were: each name and each value as a big-endian u32 length and
/// its bytes; the length of a value that is null is the largest one.
std::string pack(const log::Headers& headers) {
  std::string packed;
  const auto append = [&packed](const std::optional<std::string>& text) {
    uint8_t length[4];
    put_be(length, text ? static_cast<uint32_t>(text->size()) : kNullLength);
    packed.append(reinterpret_cast<const char*>(length), sizeof length);
    packed += text.value_or("");
  };
  for (const auto& [name, value] : headers) {
    append(name);
    append(value);
  }
  return packed;
}

log::Headers unpack(const std::string& packed) {
  log::Headers headers;
  size_t at = 0;
  const auto take = [&]() -> std::optional<std::string> {
    if (packed.size() - at < 4) return at = packed.size(), "";
    const auto length = get_be<uint32_t>(as_bytes(packed).data() + at);
    if (length == kNullLength) return at += 4, std::nullopt;
    const auto text = packed.substr(at + 4, length);
    at += 4 + text.size();
    return text;
  };
  while (at < packed.size()) {
    auto name = take().value_or("");
    auto value = take();
    headers.emplace_back(std::move(name), std::move(value));
  }
  return headers;
}

store::Value nullable(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  return std::string_view(*text);
}

}  // namespace

const std::vector<std::string>& runtime_migrations() {
  static const std::vector<std::string> steps = {
      "CREATE TABLE inbox(event_id TEXT PRIMARY KEY) WITHOUT ROWID;"
      "CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, key, value, "
      "headers)"};
  return steps;
}

Status Outbox::publish(const events::Event& event) {
  return publish(std::string(event.type()), events::encode(event));
}

Status Outbox::publish(const std::string& topic, const log::Record& record) {
  if (const auto can_be_sent = log::check_record(topic, record); !can_be_sent) {
    return Error(ReactErrc::permanent, can_be_sent.error().message());
  }
  ++row_count_;
  const auto headers = pack(record.headers);
  return db_.run("INSERT INTO outbox(topic, key, value, headers) VALUES(?,?,?,?)",
                 {std::string_view(topic), nullable(record.key), nullable(record.value),
                  std::string_view(headers)});
}

Result<std::vector<OutboxRow>> read_outbox(store::Database& db, int64_t after_id,
                                           int64_t max_rows) {
  std::vector<OutboxRow> rows;
  const auto text_at = [](const store::Row& row, int column) -> std::optional<std::string> {
    if (row.is_null(column)) return std::nullopt;
    return row.text(column);
  };
  HAIL_RETURN_IF_ERROR(
      db.query("SELECT id, topic, key, value, headers FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
               {after_id, max_rows}, [&](const store::Row& row) {
                 OutboxRow read{row.integer(0), row.text(1), {}};
                 read.record.key = text_at(row, 2);
                 read.record.value = text_at(row, 3);
                 read.record.headers = unpack(row.text(4));
                 rows.push_back(std::move(read));
               }));
  return rows;
}

Status erase_outbox(store::Database& db, int64_t through_id) {
  return db.run("DELETE FROM outbox WHERE id <= ?", {through_id});
}

Result<int64_t> count_outbox(store::Database& db) {
  int64_t rows = 0;
  HAIL_RETURN_IF_ERROR(db.query("SELECT count(*) FROM outbox", {},
                                [&](const store::Row& row) { rows = row.integer(0); }));
  return rows;
}

}  // namespace hailstorm::service
