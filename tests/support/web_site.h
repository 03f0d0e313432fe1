#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "common/http/server.h"

namespace hailstorm::testing {

/// The web site of somebody else, which a user of the platform visits: one page, and a place where
/// the page says how far it has come.
///
/// Thread safety: safe.
class WebSite {
 public:
  /// A name that its owner lets lead to this machine.
  static constexpr const char* kName = "evil.example";

  WebSite();

  /// `script` runs on the page, after functions that it may call: attack(url, body) sends the body
  /// in all ways that a page has, submit(url, type, body) as a form, said(what, how) says something
  /// at `words`, or here.
  void show(const std::string& script, const WebSite* words = nullptr);
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;
  [[nodiscard]] int port() const { return server_.port(); }
  /// What a page said of this; empty: nothing yet.
  [[nodiscard]] std::string said(const std::string& what) const;
  /// From now on nobody listens on its port.
  void go() { server_.stop(); }

 private:
  mutable std::mutex mutex_;
  std::string script_;
  std::map<std::string, std::string> said_;
  http::Server server_;
};

/// Answers nothing, but keeps what comes: what a browser lets a page send.
///
/// Thread safety: safe.
class Listener {
 public:
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string heard() const;

 private:
  void serve();

  mutable std::mutex mutex_;
  std::string heard_;
  int port_;
  int fd_;
  std::thread thread_;
};

}  // namespace hailstorm::testing
