#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/server.h"
#include "services/lab/api/credentials.h"

namespace hailstorm::lab {

struct LabListener {
  std::string host = "127.0.0.1";
  int port = 0;                         // not 0: it names the cookie
  std::vector<std::string> hosts = {};  // names besides localhost and IP addresses
};

/// The lab's API over HTTP. Reading is free. What changes something needs the bearer token, or the
/// cookie of a session together with a browser's word that it comes from our own page. Every
/// request is checked for its Host, and every change for the site that it comes from.
///
/// Thread safety: routes are added before start(); the rest from one thread.
class LabServer {
 public:
  struct Route {
    std::string method;
    std::string path;
  };

  /// `token`: what programs show.
  LabServer(LabListener listener, std::string token);
  LabServer(const LabServer&) = delete;
  LabServer& operator=(const LabServer&) = delete;

  /// `path` as OpenAPI writes it: "/api/faults/{id}"; the handler gets what stands for the names
  /// in `captures`. A read changes nothing; REQUIRES: `method` is GET.
  void on_read(const std::string& method, const std::string& path, http::Handler handler);
  /// `method`: POST, PUT or DELETE.
  void on_change(const std::string& method, const std::string& path, http::Handler handler);

  /// GET of what is no part of the API, such as the page; no session is asked for. `pattern` is a
  /// regular expression for the whole path.
  void on_page(const std::string& pattern, http::Handler handler);

  /// GET of server-sent events: every frame of `feed`. A reader that may change something is a
  /// known one.
  void on_stream(const std::string& path, std::shared_ptr<http::EventFeed> feed);

  /// All routes, in the order in which they were added; GET /api gives them too.
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  /// A key for POST /api/session {"key":…}, good for one session.
  [[nodiscard]] std::string make_key() { return credentials_.make_key(); }
  /// For routes of other kinds, such as streams, which check what they need themselves.
  [[nodiscard]] http::Server& http() { return server_; }

  /// Errors of the HTTP layer.
  [[nodiscard]] Status start() { return server_.start(); }
  [[nodiscard]] int port() const { return server_.port(); }
  void stop() { server_.stop(); }

 private:
  /// Whether a request like this one could change something: a page cannot read its cookie.
  [[nodiscard]] http::Response session_of(const http::Request& request);
  [[nodiscard]] http::Response open_session(const http::Request& request);
  [[nodiscard]] http::Response index() const;
  void add(const std::string& method, const std::string& path, http::Handler handler);

  Credentials credentials_;
  http::Server server_;
  std::vector<Route> routes_;
};

}  // namespace hailstorm::lab
