#include "tests/services/city/pickup_file_fixture.h"

namespace hailstorm::city {
namespace {

using PickupHeaderTest = PickupFileFixture;

const std::string kRow = "4/1/2014 0:11:00,40.769,-73.9549,B02512\n";
constexpr std::string_view kMark = "\xef\xbb\xbf";

TEST_F(PickupHeaderTest, CaseBlanksQuotesMarksAndLineEndsDoNotMatter) {
  for (const std::string& header :
       {std::string("Date/Time,Lat,Lon,Base\n"), std::string("date/time,lat,lon,base\n"),
        std::string("Date/Time , Lat,Lon \t,Base \n"), std::string("DATE/TIME,LAT,LON,BASE\r\n"),
        std::string("\"Date/Time\",\"Lat\",\"Lon\",\"Base\"\n"),
        std::string("\"Date/Time\", \"Lat\", \"Lon\", \"Base\"\n"),
        std::string(kMark) + "Date/Time,Lat,Lon,Base\r\n",
        std::string(kMark) + "\"Date/Time\",Lat,Lon,Base\n", std::string("\nDate/Time,Lat,Lon\n"),
        std::string("\r\n \r\nDate/Time,Lat,Lon\r\n\r\n"), std::string("Date/Time,Lat,Lon\r")}) {
    expect_the_row(header + kRow);
  }
}

TEST_F(PickupHeaderTest, CommonNamesAreKnown) {
  for (const char* header :
       {"datetime,latitude,longitude", "Date Time,Latitude,Longitude", "timestamp,Lat,Lng",
        "time,lat,long", "pickup_datetime,pickup_latitude,pickup_longitude",
        "tpep_pickup_datetime,Pickup_latitude,Pickup_longitude",
        "lpep_pickup_datetime,PICKUP_LATITUDE,PICKUP_LONGITUDE",
        "Trip_Pickup_DateTime,Start_Lat,Start_Lon", "time_of_trip,start_lat,start_lng",
        "started_at,start_lat,start_lng",
        "starttime,start station latitude,start station longitude",
        "Trip Start Timestamp,Pickup Centroid Latitude,Pickup Centroid Longitude",
        "Begin Trip Time,Begin Trip Lat,Begin Trip Lng", "Pickup_date,Lat,Lon"}) {
    expect_the_row(std::string(header) + ",Base\n" + kRow);
  }
}

TEST_F(PickupHeaderTest, ColumnsMayBeInAnyOrderAmongOthers) {
  expect_the_row("Base,Lon,Lat,Date/Time\nB02512,-73.9549,40.769,4/1/2014 0:11:00\n");
  expect_the_row("Longitude,Latitude,Time\n-73.9549,40.769,4/1/2014 0:11:00\n");
  expect_the_row(
      "vendor_id, pickup_datetime, dropoff_datetime, pickup_longitude, pickup_latitude, "
      "dropoff_longitude, dropoff_latitude\r\n\r\n"
      "CMT,2014-04-01 00:11:00,2014-04-01 00:21:00,-73.9549,40.769,-73.9,40.7\r\n");
}

TEST_F(PickupHeaderTest, TheSeparatorIsTheHeadersOrTheOneThatALineNames) {
  expect_the_row("sep=,\nDate/Time,Lat,Lon\n" + kRow);
  expect_the_row(std::string(kMark) +
                 "sep=;\r\nLat;Lon;Date/Time\r\n"
                 "40.769;-73.9549;4/1/2014 0:11:00\r\n");
  expect_the_row("SEP=\t\nLat\tLon\tDate/Time\n40.769\t-73.9549\t4/1/2014 0:11:00\n");
  expect_the_row("\"sep=;\"\n4/1/2014 0:11:00;40.769;-73.9549\n");
  expect_the_row("Lat;Lon;Date/Time\n40.769;-73.9549;4/1/2014 0:11:00\n");
  expect_the_row("Lat\tLon\tDate/Time\n40.769\t-73.9549\t4/1/2014 0:11:00\n");
  expect_unknown("sep=;\nDate/Time,Lat,Lon\n" + kRow, "line 2");
}

TEST_F(PickupHeaderTest, WithoutAHeaderTheFirstLineIsARowOfTimeLatitudeLongitude) {
  expect_the_row(kRow);
  expect_the_row("2014/4/1 00:11:00,40.769,-73.9549");
}

TEST_F(PickupHeaderTest, AFirstLineThatIsNeitherIsAnErrorThatSaysWhatWasExpected) {
  for (const char* line :
       {"a,b,c", "x;y;z", "-73.9549,40.769,4/1/2014 0:11:00", "4/1/2014 0:11:00,91,-73.9549",
        "{\"lat\":40.769}", "<html>", "never,40.769,-73.9549", "\"Date/Time"}) {
    expect_unknown(std::string(line) + "\n" + kRow, "such as Date/Time,Lat,Lon");
  }
  expect_unknown(std::string(100'000, 'x') + "\n" + kRow, "line 1");
  expect_unknown(std::string(100'000, 'x'), "is longer than 65536 bytes");
}

TEST_F(PickupHeaderTest, AColumnThatIsMissingOrNamedTwiceIsAnError) {
  expect_unknown("Longitude,Latitude\n-73.9549,40.769\n", "none of them is the time");
  expect_unknown("Date/Time,Lat,Base\n" + kRow, "none of them is the longitude");
  expect_unknown("Date/Time,Latitude_,Lat,Lon\n" + kRow, "'Latitude_' and 'Lat'");
  expect_unknown("Date/Time,Lat,Lon,Date/Time\n" + kRow, "'Date/Time' and 'Date/Time'");
}

TEST_F(PickupHeaderTest, AFileThatIsNoTextIsRefusedByItsKind) {
  using namespace std::string_literals;
  expect_unknown("", "is empty");
  expect_unknown("\x1f\x8b\x08\x00"s, "zcat");
  expect_unknown("BZh91AY", "bzcat");
  expect_unknown(
      "\xfd"
      "7zXZ\0"s,
      "xzcat");
  expect_unknown("\x28\xb5\x2f\xfd"s, "zstdcat");
  expect_unknown("PK\x03\x04"s, "spreadsheet");
  expect_unknown("PAR1"s, "Parquet");
  expect_unknown("\xff\xfe"s + "D\0a\0"s, "UTF-16");
  expect_unknown("\xfe\xff"s + "\0D\0a"s, "UTF-16");
  expect_unknown("D\0a\0t\0e\0\n\0"s, "NUL");
}

}  // namespace
}  // namespace hailstorm::city
