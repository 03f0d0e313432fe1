#include "tests/support/web_site.h"

#include <cstdint>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/base/check.h"
#include "tests/support/broker_process.h"

namespace hailstorm::testing {
namespace {

// A text/plain form sends its field as NAME=VALUE, so a body with a "=" in it goes as it is.
constexpr const char* kTools = R"(
  const said = (what, how) => fetch('SITE/said/' + what + '/' + how, {mode: 'no-cors'});
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const send = (url, options) => Promise.race([fetch(url, options).catch(() => {}), wait(1000)]);
  async function submit(url, type, body) {
    const frame = document.body.appendChild(document.createElement('iframe'));
    frame.name = 'frame' + Math.random();
    const form = document.body.appendChild(document.createElement('form'));
    Object.assign(form, {method: 'POST', action: url, enctype: type, target: frame.name});
    const at = body.indexOf('=');
    const field = form.appendChild(document.createElement('input'));
    Object.assign(field, {type: 'hidden', name: body.slice(0, at), value: body.slice(at + 1)});
    form.submit();
    await wait(500);
  }
  async function attack(url, body) {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      await submit(url, type, body);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json'])
      await send(url, {method: 'POST', mode: 'no-cors', headers: {'Content-Type': type}, body});
    await send(url, {method: 'POST', mode: 'no-cors', body: new Blob([body])});
    for (const method of ['POST', 'PUT', 'DELETE'])
      await send(url, {method, headers: {'Content-Type': 'application/json',
                                         'Authorization': 'Bearer 0123456789abcdef'}, body});
    navigator.sendBeacon(url, body);
  }
)";

}  // namespace

WebSite::WebSite() : server_({.port = free_port(), .hosts = {kName}}) {
  server_.route("GET", "/", [this](const http::Request&) {
    const std::lock_guard lock(mutex_);
    return http::Response{
        200, "<!doctype html><body><script>" + script_ + "</script>", "text/html", {}};
  });
  server_.route("GET", "/said/([a-z-]+)/([a-z0-9-]+)", [this](const http::Request& request) {
    const std::lock_guard lock(mutex_);
    said_[request.captures.at(0)] = request.captures.at(1);
    return http::Response{};
  });
  HAIL_CHECK(server_.start().ok());
}

void WebSite::show(const std::string& script, const WebSite* words) {
  std::string tools = kTools;
  const std::string place = (words == nullptr ? *this : *words).url();
  tools.replace(tools.find("SITE/"), 5, place);
  const std::lock_guard lock(mutex_);
  script_ = tools + "(async () => {" + script + "})();";
}

std::string WebSite::url(const std::string& host) const {
  return fmt::format("http://{}:{}/", host, server_.port());
}

std::string WebSite::said(const std::string& what) const {
  const std::lock_guard lock(mutex_);
  const auto found = said_.find(what);
  return found == said_.end() ? "" : found->second;
}

Listener::Listener() : port_(free_port()), fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port_));
  HAIL_CHECK(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
             ::listen(fd_, 64) == 0);
  thread_ = std::thread([this] { serve(); });
}

Listener::~Listener() {
  ::shutdown(fd_, SHUT_RDWR);
  thread_.join();
  ::close(fd_);
}

std::string Listener::url() const { return fmt::format("http://127.0.0.1:{}/x", port_); }

std::string Listener::heard() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

void Listener::serve() {
  for (int peer = -1; (peer = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const timeval patience{.tv_sec = 0, .tv_usec = 200'000};
    ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    char piece[16384];
    for (ssize_t got = 0; (got = ::recv(peer, piece, sizeof piece, 0)) > 0;) {
      const std::lock_guard lock(mutex_);
      heard_.append(piece, static_cast<size_t>(got));
    }
    ::close(peer);
  }
}

}  // namespace hailstorm::testing
