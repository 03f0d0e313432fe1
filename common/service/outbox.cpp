#include "common/service/outbox.h"

#include "common/base/bytes.h"
#include "common/log/record_check.h"
#include "common/service/inbox.h"
#include "common/service/set_aside.h"

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
      "headers)",
      std::string(kSetAsideTable), std::string(kInboxHistory)};
  return steps;
}

Status Outbox::publish(const events::Event& event) {
  return publish(std::string(event.type()), events::encode(event));
}

Status Outbox::publish(const std::string& topic, const log::Record& record) {
  if (const auto can_be_sent = log::check_record(topic, record); !can_be_sent.ok()) {
    return Error(ReactErrc::permanent, can_be_sent.error().message());
  }
  const auto headers = pack(record.headers);
  return db_.run("INSERT INTO outbox(topic, key, value, headers) VALUES(?,?,?,?)",
                 {std::string_view(topic), nullable(record.key), nullable(record.value),
                  std::string_view(headers)});
}

Result<std::vector<OutboxRow>> read_outbox(store::Database& db, int64_t after_id, int64_t max_rows,
                                           int64_t max_bytes) {
  std::vector<OutboxRow> rows;
  int64_t bytes = 0;
  const auto text_at = [](const store::Row& row, int column) -> std::optional<std::string> {
    if (row.is_null(column)) return std::nullopt;
    return row.text(column);
  };
  HAIL_RETURN_IF_ERROR(
      db.query("SELECT id, topic, key, value, headers FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
               {after_id, max_rows}, [&](const store::Row& row) {
                 if (bytes >= max_bytes) return;  // the rest is not even read from the file
                 OutboxRow read{row.integer(0), row.text(1), {}};
                 read.record.key = text_at(row, 2);
                 read.record.value = text_at(row, 3);
                 read.record.headers = unpack(row.text(4));
                 bytes += log::record_bytes(read.record);
                 rows.push_back(std::move(read));
               }));
  return rows;
}

Status erase_outbox(store::Database& db, const std::vector<int64_t>& ids) {
  for (size_t i = 0; i < ids.size();) {
    size_t last = i;  // of a run without a gap
    while (last + 1 < ids.size() && ids[last + 1] == ids[last] + 1) ++last;
    HAIL_RETURN_IF_ERROR(
        db.run("DELETE FROM outbox WHERE id BETWEEN ? AND ?", {ids[i], ids[last]}));
    i = last + 1;
  }
  return {};
}

Result<int64_t> count_outbox(store::Database& db) {
  int64_t rows = 0;
  HAIL_RETURN_IF_ERROR(db.query("SELECT count(*) FROM outbox", {},
                                [&](const store::Row& row) { rows = row.integer(0); }));
  return rows;
}

Result<std::optional<int64_t>> oldest_outbox_row(store::Database& db) {
  std::optional<int64_t> id;
  HAIL_RETURN_IF_ERROR(db.query("SELECT min(id) FROM outbox", {}, [&](const store::Row& row) {
    if (!row.is_null(0)) id = row.integer(0);
  }));
  return id;
}

}  // namespace hailstorm::service
