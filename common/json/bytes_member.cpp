#include "common/json/bytes_member.h"

#include <fmt/format.h>
#include <utility>

#include "common/base/text.h"

namespace hailstorm::json {

void add_bytes(Value& object, const std::string& name,
               const std::optional<std::string_view>& bytes) {
  object.add(name, bytes);
  if (!bytes || is_utf8(*bytes)) return;
  std::string hex;
  for (const char c : *bytes) hex += fmt::format("{:02x}", static_cast<uint8_t>(c));
  object.add(name + "_hex", std::move(hex));
}

}  // namespace hailstorm::json
