import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;

/**
 * Prints every record of the segments named, one line of JSON each, as Kafka's own classes read it:
 * offset, timestamp, sequence, key, value and headers, all bytes as hex. DumpLogSegments does not
 * show the values of headers.
 */
class ReadSegments {
    public static void main(String[] files) throws Exception {
        StringBuilder out = new StringBuilder();
        for (String file : files) {
            try (FileRecords records = FileRecords.open(new File(file), false)) {
                for (RecordBatch batch : records.batches()) {
                    batch.ensureValid();
                    for (Record record : batch) {
                        record.ensureValid();
                        print(record, out);
                    }
                }
            }
        }
        System.out.print(out);
    }

    private static void print(Record record, StringBuilder out) {
        StringJoiner headers = new StringJoiner(",", "[", "]");
        for (Header header : record.headers())
            headers.add("[" + hex(header.key().getBytes(StandardCharsets.UTF_8)) + ","
                    + hex(header.value()) + "]");
        out.append(String.format(
                "{\"offset\":%d,\"timestamp_ms\":%d,\"sequence\":%d,"
                        + "\"key\":%s,\"value\":%s,\"headers\":%s}%n",
                record.offset(), record.timestamp(), record.sequence(), hex(record.key()),
                hex(record.value()), headers));
    }

    private static String hex(ByteBuffer bytes) {
        return hex(bytes == null ? null : Utils.toArray(bytes));
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "null" : "\"" + HexFormat.of().formatHex(bytes) + "\"";
    }
}
