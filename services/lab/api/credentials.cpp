#include "services/lab/api/credentials.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

#include "common/base/token_file.h"
#include "common/http/bearer.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kMostKeys = 16;
constexpr size_t kMostSessions = 16;

void add_bounded(std::deque<std::string>& all, std::string one, size_t most) {
  all.push_back(std::move(one));
  if (all.size() > most) all.pop_front();
}

auto find_secret(std::deque<std::string>& all, std::string_view secret) {
  return std::find_if(all.begin(), all.end(),
                      [secret](const std::string& one) { return is_same_secret(one, secret); });
}

/// Of a header "a=1; b=2"; empty: there is none of that name.
std::string_view cookie_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const size_t end = std::min(header.find(';'), header.size());
    std::string_view one = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
      return one.substr(name.size() + 1);
    }
  }
  return {};
}

bool is_browsers(const http::Request& request) {
  return request.header("Sec-Fetch-Site") || request.header("Origin");
}

}  // namespace

Credentials::Credentials(std::string token, int port)
    : token_(std::move(token)), cookie_(fmt::format("hail_lab_{}", port)) {}

std::string Credentials::make_key() {
  std::string key = random_token();
  const std::lock_guard lock(mutex_);
  add_bounded(keys_, key, kMostKeys);
  return key;
}

std::optional<std::string> Credentials::open_session(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = find_secret(keys_, key);
  if (found == keys_.end()) return std::nullopt;
  keys_.erase(found);
  const std::string session = random_token();
  add_bounded(sessions_, session, kMostSessions);
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_, session);
}

bool Credentials::has_session(const http::Request& request) {
  const std::string header = request.header("Cookie").value_or("");
  const std::string_view shown = cookie_of(header, cookie_);
  const std::lock_guard lock(mutex_);
  return find_secret(sessions_, shown) != sessions_.end();
}

bool Credentials::permit(const http::Request& request) {
  if (http::shows_bearer(request, token_)) return true;
  return is_browsers(request) && has_session(request);
}

}  // namespace hailstorm::lab
