#include "services/lab/report/plot.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

#include "services/lab/report/html.h"
#include "services/lab/report/plot_scale.h"
#include "services/lab/report/plot_table.h"

namespace hailstorm::lab {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 220;
constexpr double kLeft = 56;
constexpr double kRight = 10;
constexpr double kBottom = 28;
constexpr double kLabelRow = 15;  // each band's label has one of a few rows above the picture
constexpr size_t kLabelRows = 3;
constexpr double kTop = kLabelRow * kLabelRows + 6;
constexpr size_t kBuckets = 300;
constexpr std::array kDashes = {"none", "7 3", "2 3", "9 3 2 3", "4 2", "1 4"};

std::string look(size_t index) {
  const size_t one = index % kDashes.size();
  return fmt::format("class=\"line l{}\" stroke-dasharray=\"{}\"", one, kDashes[one]);
}

std::string grid(const PlotAxis& times, const PlotAxis& values) {
  std::string svg;
  for (const double tick : values.ticks(5)) {
    const double y = values.px_of(tick);
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        times.first_px, times.last_px, y, y, kLeft - 6, y + 4, plot_number(tick));
  }
  for (const double tick : times.ticks(8)) {
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{} s</text>\n",
                       times.px_of(tick), kHeight - 8, plot_number(tick));
  }
  return svg;
}

std::string bands_of(const Plot& plot, const PlotAxis& times) {
  std::string svg;
  for (size_t i = 0; i < plot.bands.size(); ++i) {
    const auto& band = plot.bands[i];
    const double x = times.px_of(band.from_s);
    const double width = std::max(1.0, times.px_of(band.to_s) - x);
    const bool on_the_right = x > kWidth * 0.7;
    svg += fmt::format(
        "<rect class=\"band\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
        x, kTop, width, kHeight - kTop - kBottom, on_the_right ? x + width : x,
        kLabelRow * static_cast<double>(1 + i % kLabelRows) - 3, on_the_right ? "end" : "start",
        html_text(band.label));
  }
  return svg;
}

/// A line as paths between its gaps.
std::string line_path(const PlotLine& line, size_t index, const PlotAxis& times,
                      const PlotAxis& values) {
  std::string path;
  bool is_down = false;
  for (const auto& point : thinned(line.points, kBuckets)) {
    if (!std::isfinite(point.value)) {
      is_down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", is_down ? "L" : "M", times.px_of(point.at_s),
                        values.px_of(point.value));
    is_down = true;
  }
  return path.empty() ? "" : fmt::format("<path {} d=\"{}\"/>\n", look(index), path);
}

std::string legend(const Plot& plot) {
  std::string html;
  for (size_t i = 0; i < plot.lines.size(); ++i) {
    html += fmt::format(
        "<svg viewBox=\"0 0 40 10\" style=\"width:40px;height:10px\" aria-hidden=\"true\"><path {} "
        "d=\"M0 5L40 5\"/></svg> {}&ensp; ",
        look(i), html_text(plot.lines[i].name));
  }
  return html;
}

}  // namespace

std::string to_html(const Plot& plot) {
  const PlotAxis times = time_axis(plot, kLeft, kWidth - kRight);
  const PlotAxis values = value_axis(plot, kHeight - kBottom, kTop);
  std::string picture;
  for (size_t i = 0; i < plot.lines.size(); ++i) {
    picture += line_path(plot.lines[i], i, times, values);
  }
  return fmt::format(
      "<figure>\n<figcaption><strong>{0}</strong>, {1}<br>{2}</figcaption>\n"
      "<svg viewBox=\"0 0 {3} {4}\" role=\"img\" aria-label=\"{0}; the table below has the "
      "numbers\">\n{5}{6}{7}</svg>\n"
      "<details><summary>The same as a table</summary>\n{8}</details>\n</figure>\n",
      html_text(plot.title), html_text(plot.unit), legend(plot), kWidth, kHeight,
      bands_of(plot, times), grid(times, values), picture, to_html(table_of(plot)));
}

}  // namespace hailstorm::lab
