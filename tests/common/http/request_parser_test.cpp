#include "common/http/request_parser.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace hailstorm::http {
namespace {

using Step = RequestParser::Step;

const Limits kLimits{
    .max_line_bytes = 200, .max_headers = 10, .max_head_bytes = 1'000, .max_body_bytes = 100};

/// The status that these bytes are refused with; 0: they are one complete request.
int status_of(std::string_view bytes) {
  RequestParser parser(kLimits);
  parser.append(bytes);
  switch (parser.advance()) {
    case Step::refused:
      return parser.refusal().status;
    case Step::complete:
      return 0;
    default:
      return -1;
  }
}

int status_of_headers(const std::string& headers) {
  return status_of("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
}
int status_of_post(const std::string& headers_and_body) {
  return status_of("POST / HTTP/1.1\r\nHost: a\r\n" + headers_and_body);
}
int status_of_chunks(const std::string& chunks) {
  return status_of_post("Transfer-Encoding: chunked\r\n\r\n" + chunks);
}

ReceivedRequest read(std::string_view bytes) {
  RequestParser parser(kLimits);
  parser.append(bytes);
  EXPECT_EQ(parser.advance(), Step::complete) << bytes;
  return parser.take();
}

TEST(RequestParserTest, AFirstLineIsMethodTargetAndVersionAndNothingElse) {
  const std::string host = "\r\nHost: a\r\n\r\n";
  EXPECT_EQ(status_of("GET / HTTP/1.1" + host), 0);
  EXPECT_EQ(status_of("\r\nGET / HTTP/1.1" + host), 0) << "one empty line before it is passed over";
  for (const char* line : {"\r\n\r\nGET / HTTP/1.1", "GET /",
                           "GET  / HTTP/1.1",        "GET / HTTP/1.1 ",
                           " GET / HTTP/1.1",        "GET /a b HTTP/1.1",
                           "GET rides HTTP/1.1",     "GET / http/1.1",
                           "GET / HTTP/1",           "G,T / HTTP/1.1",
                           "GET /%4 HTTP/1.1",       "GET /%zz HTTP/1.1",
                           "GET /%00 HTTP/1.1",      "GET /#a HTTP/1.1",
                           "GET /\xc3\xa9 HTTP/1.1", "GET * HTTP/1.1",
                           "GET http:///a HTTP/1.1", "GET https://a/ HTTP/1.1",
                           "GET /\r HTTP/1.1",       "GET\t/\tHTTP/1.1",
                           "GET /?a=%1 HTTP/1.1"}) {
    EXPECT_EQ(status_of(line + host), 400) << line;
  }
  EXPECT_EQ(status_of("GET / HTTP/2.0" + host), 505);
  EXPECT_EQ(status_of("OPTIONS * HTTP/1.1" + host), 0);
}

TEST(RequestParserTest, PathAndQueryAreDecodedAndHeaderValuesAreNot) {
  const auto read_one = read("GET /a%2dc?x=1+2&y=%41&z HTTP/1.1\r\nHost: a\r\nK: a%2Fb+c\r\n\r\n");
  EXPECT_EQ(read_one.request.path, "/a-c");
  EXPECT_EQ(read_one.request.query,
            (std::map<std::string, std::string>{{"x", "1 2"}, {"y", "A"}, {"z", ""}}));
  EXPECT_EQ(read_one.request.headers.at("k"), "a%2Fb+c");
}

TEST(RequestParserTest, AnAbsoluteTargetsHostCounts) {
  const auto absolute = read("GET HTTP://b:1/rides?x=1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(absolute.request.path, "/rides");
  EXPECT_EQ(absolute.authority, "b:1");
  EXPECT_EQ(read("GET http://b HTTP/1.1\r\nHost: a\r\n\r\n").request.path, "/");
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a:80\r\n\r\n").authority, "a:80");
}

TEST(RequestParserTest, HeadersAreAsRfc9112HasThem) {
  EXPECT_EQ(status_of_headers("A: b\r\nA: c\r\nEmpty:\r\nBytes: \xff\r\nTab: a\tb\r\n"), 0);
  for (const std::string& bad :
       std::vector<std::string>{"A : b\r\n", " A: b\r\n", "A: b\r\n folded\r\n", "A\r\n", ": b\r\n",
                                "A: b\n", "A: b\rc\r\n", std::string("A: b\0c\r\n", 8),
                                "A: \x7f\r\n", "A b: c\r\n", "A: \x01\r\n", "Host: b\r\n"}) {
    EXPECT_EQ(status_of_headers(bad), 400) << bad;
  }
  const auto headers = read("GET / HTTP/1.1\r\nHost: a\r\nA:  b \r\na: c\r\nE:\r\n\r\n");
  EXPECT_EQ(headers.request.header("A"), "b, c");
  EXPECT_EQ(headers.request.header("E"), "") << "there, and empty";
}

TEST(RequestParserTest, HeadersThatMayBeThereOnceAreRefusedTwice) {
  for (const std::string name :
       {"Content-Length", "Content-Type", "Authorization", "Idempotency-Key", "Origin"}) {
    EXPECT_EQ(status_of_headers(name + ": 0\r\n" + name + ": 0\r\n"), 400) << name;
  }
}

TEST(RequestParserTest, ThereIsOneHost) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 0);
  for (const char* host : {"", "a b", "a/b", "a:x", "a:123456", "[::1", "user@a", "a,b", ":80"}) {
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), 400) << host;
  }
  for (const char* host : {"a", "a:1", "[::1]", "[::1]:80", "127.0.0.1:7402", "a-b.c_d."}) {
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), 0) << host;
  }
}

TEST(RequestParserTest, ABodyHasOneLength) {
  EXPECT_EQ(status_of_post("Content-Length: 3\r\n\r\nabc"), 0);
  EXPECT_EQ(status_of_post("\r\n"), 0) << "no length, no body";
  for (const char* length : {"+3", "-3", "3 ", "0x3", "3, 3", "", "3a", "3.0", " ", "٣"}) {
    const bool is_sound = std::string_view(length) == "3 ";  // blanks around a value are none of it
    EXPECT_EQ(status_of_post("Content-Length: " + std::string(length) + "\r\n\r\nabc"),
              is_sound ? 0 : 400)
        << length;
  }
  EXPECT_EQ(status_of_post("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400);
  EXPECT_EQ(status_of_post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(status_of_post("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501);
  EXPECT_EQ(status_of_post("Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), 415);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(status_of_headers("Content-Length: 3\r\n\r\nabc"), 400) << "GET takes none";
}

TEST(RequestParserTest, ChunksAreExact) {
  const auto body = read(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "3;x=\"y\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
  EXPECT_EQ(body.request.body, "abc0123456789");
  EXPECT_FALSE(body.request.header("Trailer").has_value());
  for (const char* chunks :
       {"zz\r\n", "+3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "\r\n", "3 \r\nabc\r\n",
        "-1\r\n", "3\r\nabcd\r\n", "3\nabc\r\n", "000000003\r\nabc\r\n0\r\n\r\n", ";\r\n",
        "3;\x01\r\nabc\r\n", "0\r\n folded\r\n\r\n", "0\r\nT : x\r\n\r\n",
        "ffffffffffffffff1\r\n"}) {
    EXPECT_EQ(status_of_chunks(chunks), 400) << chunks;
  }
}

TEST(RequestParserTest, EachLimitHasItsStatusBeforeMoreIsKept) {
  EXPECT_EQ(status_of("GET /" + std::string(300, 'a')), 414);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: " + std::string(300, 'a')), 431);
  std::string many;
  for (int i = 0; i < 11; ++i) many += "A: b\r\n";
  EXPECT_EQ(status_of_headers(many), 431);
  std::string large;
  for (int i = 0; i < 9; ++i) large += "A: " + std::string(150, 'b') + "\r\n";
  EXPECT_EQ(status_of_headers(large), 431);
  EXPECT_EQ(status_of_post("Content-Length: 101\r\n\r\n"), 413);
  EXPECT_EQ(status_of_post("Content-Length: 99999999999999999999999\r\n\r\n"), 413);
  EXPECT_EQ(status_of_chunks("32\r\n" + std::string(50, 'a') + "\r\n33\r\n"), 413);
  EXPECT_EQ(status_of_chunks("FFFFFFFF\r\n"), 413);
  EXPECT_EQ(status_of_chunks("0\r\n" + many + "\r\n"), 431) << "trailers are headers";
  std::string small;
  for (int i = 0; i < 100; ++i) small += "1\r\na\r\n";
  EXPECT_EQ(status_of_chunks(small + "0\r\n\r\n"), 0) << "chunks may be small";
}

TEST(RequestParserTest, ARequestIsReadTheSameInOnePieceOrByteByByte) {
  const std::string first =
      "POST /a?b=c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\nT: x\r\n\r\n";
  const std::string second = "PUT /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
  RequestParser parser(kLimits);
  std::vector<ReceivedRequest> taken;
  for (const char byte : first + second) {
    parser.append({&byte, 1});
    if (parser.advance() == Step::complete) taken.push_back(parser.take());
  }
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].request.body, "abcde");
  EXPECT_EQ(taken[1].request.body, "hi");
  EXPECT_FALSE(parser.has_begun());

  RequestParser at_once(kLimits);
  at_once.append(first + second);
  ASSERT_EQ(at_once.advance(), Step::complete);
  EXPECT_EQ(at_once.take().request.body, "abcde");
  ASSERT_EQ(at_once.advance(), Step::complete);
  EXPECT_EQ(at_once.take().request.path, "/b");
}

TEST(RequestParserTest, VersionAndHeadersDecideWhetherTheConnectionStays) {
  const auto keeps = [](const std::string& version, const std::string& header) {
    return read("GET / HTTP/" + version + "\r\nHost: a\r\n" + header + "\r\n").keeps_connection;
  };
  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_FALSE(keeps("1.1", "Connection: TE, Close\r\n"));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_TRUE(keeps("1.0", "Connection: Keep-Alive\r\n"));
}

TEST(RequestParserTest, OnlyAClientThatWaitsWithItsBodyGets100Continue) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n";
  RequestParser parser(kLimits);
  parser.append(head + "Content-Length: 2\r\n\r\n");
  EXPECT_EQ(parser.advance(), Step::want_go_on);
  EXPECT_EQ(parser.advance(), Step::need_more) << "once";
  parser.append("hi");
  EXPECT_EQ(parser.advance(), Step::complete);
  EXPECT_EQ(status_of(head + "Content-Length: 2\r\n\r\nhi"), 0);
  EXPECT_EQ(status_of(head + "Content-Length: 999\r\n\r\n"), 413) << "and never for too much";
  EXPECT_EQ(status_of_headers("Expect: a-miracle\r\n"), 417);
}

}  // namespace
}  // namespace hailstorm::http
