#include "services/lab/report/html.h"

#include <fmt/format.h>

#include "common/base/text.h"

namespace hailstorm::lab {
namespace {

// The colours of lines are Okabe and Ito's, which stay different for people with colour blindness;
// each line has a dash pattern of its own besides.
constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--page:#fff;--text:#1a1a1a;--soft:#595959;--rule:#d0d0d0;
--band:#b0b0b0;--good:#00664d;--bad:#b30000;
--l0:#0072b2;--l1:#c04e00;--l2:#007a5a;--l3:#a0487d;--l4:#7a6000;--l5:#2a6f97}
@media (prefers-color-scheme:dark){:root{--page:#161616;--text:#ececec;--soft:#b4b4b4;
--rule:#444;--band:#6a6a6a;--good:#4fd1a5;--bad:#ff8a80;
--l0:#56b4e9;--l1:#f0914a;--l2:#2fc79b;--l3:#e39bc4;--l4:#f0e442;--l5:#9ad0f5}}
body{background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2.2rem}
p.soft,figcaption,caption{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}
.verdict{font-weight:700;font-size:1.15rem}
table{border-collapse:collapse;margin:.5rem 0 1rem;font-size:.9rem}
caption{text-align:left}th,td{text-align:left;padding:.2rem .9rem .2rem 0;vertical-align:top;
border-bottom:1px solid var(--rule)}
.wide{overflow-x:auto}figure{margin:1rem 0}svg{width:100%;height:auto}
svg text{fill:var(--text);font:12px system-ui,sans-serif}
svg .grid{stroke:var(--rule);stroke-width:1}
svg .band{fill:var(--band);fill-opacity:.28;stroke:var(--band);stroke-opacity:.9}
svg .line{fill:none;stroke-width:1.8;stroke-linejoin:round}
.l0{stroke:var(--l0)}.l1{stroke:var(--l1)}.l2{stroke:var(--l2)}.l3{stroke:var(--l3)}
.l4{stroke:var(--l4)}.l5{stroke:var(--l5)}
pre{overflow-x:auto;border:1px solid var(--rule);padding:.6rem;font-size:.85rem}
)";

std::string row(const std::vector<std::string>& cells, std::string_view tag) {
  std::string html = "<tr>";
  for (const auto& cell : cells) html += fmt::format("<{0}>{1}</{0}>", tag, html_text(cell));
  return html + "</tr>\n";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char one : printable_lines(text)) {
    switch (one) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += one;
    }
  }
  return safe;
}

std::string to_html(const HtmlTable& table) {
  std::string html = "<div class=\"wide\"><table>\n";
  if (!table.caption.empty()) html += "<caption>" + html_text(table.caption) + "</caption>\n";
  html += "<thead>" + row(table.head, "th") + "</thead>\n<tbody>\n";
  for (const auto& cells : table.rows) html += row(cells, "td");
  return html + "</tbody></table></div>\n";
}

std::string html_page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      html_text(title), kStyle, body);
}

}  // namespace hailstorm::lab
