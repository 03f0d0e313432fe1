#include "services/lab/serve/page_routes.h"

#include <string>
#include <utility>

#include "services/lab/api/answers.h"

namespace hailstorm::lab {
namespace {

// Nothing but what this server has, no script or style within the document, in no other site's
// frame. `style-src` permits style sheets; scripts set single properties, which is not restricted.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A browser that has the file asks each time whether it is still the same, so that a page is never
/// made of the files of two programs.
http::Response answer_file(const PageFile& file, const http::Request& request) {
  http::Response response;
  response.headers = {{"Cache-Control", "no-cache"},
                      {"Content-Security-Policy", kPolicy},
                      {"Cross-Origin-Opener-Policy", "same-origin"},
                      {"Cross-Origin-Resource-Policy", "same-origin"},
                      {"ETag", file.etag},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"}};
  if (request.header("If-None-Match") == file.etag) {
    response.status = 304;
    return response;
  }
  response.content_type = file.content_type;
  response.body = file.content;
  return response;
}

http::Response answer_path(const PageFiles& files, const std::string& path,
                           const http::Request& request) {
  const auto file = files.find(path);
  return file ? answer_file(*file, request) : http::problem(404, "the page has no such file");
}

}  // namespace

void add_page_routes(LabServer& server, const PageFiles& files,
                     std::function<std::string()> page_url) {
  server.on_change("POST", "/api/keys", [page_url = std::move(page_url)](const http::Request&) {
    return answer(json::Value{{"url", page_url()}}, 201);
  });
  server.on_page("/", [&files](const http::Request& request) {
    return answer_path(files, "index.html", request);
  });
  server.on_page("/page/(.+)", [&files](const http::Request& request) {
    return answer_path(files, request.captures.at(0), request);
  });
}

}  // namespace hailstorm::lab
