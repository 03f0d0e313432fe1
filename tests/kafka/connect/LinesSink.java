import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** Appends the value of each record to a file, as a line. */
public class LinesSink extends SinkConnector {
  private Map<String, String> settings;

  @Override
  public String version() {
    return "1";
  }

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define("file", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "the file");
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
  public static class LinesTask extends SinkTask {
    private Path file;

    @Override
    public String version() {
      return "1";
    }

    @Override
    public void start(Map<String, String> settings) {
      file = Path.of(settings.get("file"));
    }

    @Override
    public void stop() {}

    @Override
    public void put(Collection<SinkRecord> records) {
      List<String> lines = records.stream().map(record -> (String) record.value()).toList();
      try {
        Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException error) {
        throw new ConnectException(error);
      }
    }
  }
}
