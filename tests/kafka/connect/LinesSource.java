import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Writes each line of a file to a topic; its source offset is the index of the next line. */
public class LinesSource extends SourceConnector {
  private Map<String, String> settings;

  @Override
  public String version() {
    return "1";
  }

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define("file", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "the file")
        .define("topic", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "the topic");
  }

  @Override
  public void start(Map<String, String> settings) {
    this.settings = settings;
  }

  @Override
  public void stop() {}

  @Override
  public Class<? extends Task> taskClass() {
    return LinesTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(settings);
  }

  /** The only task. */
  public static class LinesTask extends SourceTask {
    private static final int BATCH = 20;
    private static final int PAUSE_MS = 50;

    private Path file;
    private String topic;
    private int next;

    @Override
    public String version() {
      return "1";
    }

    @Override
    public void start(Map<String, String> settings) {
      file = Path.of(settings.get("file"));
      topic = settings.get("topic");
      Map<String, Object> offset = context.offsetStorageReader().offset(partition());
      next = offset == null ? 0 : ((Long) offset.get("line")).intValue();
    }

    @Override
    public void stop() {}

    private Map<String, String> partition() {
      return Map.of("file", file.toString());
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
      Thread.sleep(PAUSE_MS);
      List<String> lines;
      try {
        lines = Files.readAllLines(file);
      } catch (IOException error) {
        throw new ConnectException(error);
      }
      List<SourceRecord> records = new ArrayList<>();
      while (next < lines.size() && records.size() < BATCH) {
        String line = lines.get(next++);
        records.add(
            new SourceRecord(
                partition(), Map.of("line", (long) next), topic, null, Schema.STRING_SCHEMA, line,
                Schema.STRING_SCHEMA, line));
      }
      return records.isEmpty() ? null : records;
    }
  }
}
