package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Event files as another program reads them: records, checksums and messages by their definition.
 */
class TensorBoardEventsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

  @TempDir Path folder;

  /** What an event says. */
  private record Event(
      double wallTime, long step, String version, boolean start, Map<String, Float> scalars) {}

  /** CRC-32C bit by bit (Castagnoli et al. 1993), reflected polynomial 0x82f63b78. */
  private static int crc(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 0xff;
      for (int i = 0; i < 8; i++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
      }
    }
    return ~crc;
  }

  private static int masked(byte[] data) {
    int crc = crc(data);
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(length));
      long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      byte[] data = new byte[(int) size];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(masked(data));
      events.add(event(data));
    }
    return events;
  }

  private static long varint(DataInputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      int b = in.readUnsignedByte();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
  }

  private static byte[] field(DataInputStream in) throws IOException {
    return in.readNBytes((int) varint(in));
  }

  private static DataInputStream message(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  private static Event event(byte[] data) throws IOException {
    DataInputStream in = message(data);
    double wallTime = 0;
    long step = 0;
    String version = "";
    boolean start = false;
    Map<String, Float> scalars = new LinkedHashMap<>();
    while (in.available() > 0) {
      long key = varint(in);
      if (key == 0x09) {
        wallTime = Double.longBitsToDouble(Long.reverseBytes(in.readLong()));
      } else if (key == 0x10) {
        step = varint(in);
      } else if (key == 0x1a) {
        version = new String(field(in), StandardCharsets.UTF_8);
      } else if (key == 0x2a) {
        DataInputStream summary = message(field(in));
        while (summary.available() > 0) {
          assertThat(varint(summary)).isEqualTo(0x0a);
          DataInputStream value = message(field(summary));
          assertThat(varint(value)).isEqualTo(0x0a);
          String tag = new String(field(value), StandardCharsets.UTF_8);
          assertThat(varint(value)).isEqualTo(0x15);
          scalars.put(tag, Float.intBitsToFloat(Integer.reverseBytes(value.readInt())));
          assertThat(value.available()).isZero();
        }
      } else if (key == 0x3a) {
        assertThat(field(in)).containsExactly(0x08, 0x01);
        start = true;
      } else {
        throw new IOException("unknown field " + key);
      }
    }
    return new Event(wallTime, step, version, start, scalars);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("tb"))) {
      return files.sorted().toList();
    }
  }

  /** The check value of the polynomial: the digits 1 to 9. */
  @Test
  void theParsersOwnChecksumIsRight() {
    assertThat(crc("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0xe3069283);
  }

  @Test
  void scalarsAreReadBack() throws Exception {
    TensorBoardEvents events = TensorBoardEvents.in(folder.resolve("tb"), CLOCK);
    events.started("sft", 0);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", 2.5);
    values.put("rewards/größe", Double.NaN);
    events.updated(new Metrics(1, values));
    events.updated(new Metrics(3_000_000_000L, Map.of("loss", -1e-3)));
    events.ended();
    events.ended();
    assertThat(files())
        .containsExactly(folder.resolve("tb/events.out.tfevents.1700000000.alignment4j"));
    List<Event> read = read(files().get(0));
    assertThat(read).extracting(Event::wallTime).containsOnly(1_700_000_000.25);
    assertThat(read).extracting(Event::version).containsExactly("brain.Event:2", "", "");
    assertThat(read).extracting(Event::step).containsExactly(0L, 1L, 3_000_000_000L);
    assertThat(read.get(1).scalars().keySet()).containsExactly("loss", "rewards/größe");
    assertThat(read.get(1).scalars().get("loss")).isEqualTo(2.5f);
    assertThat(read.get(1).scalars().get("rewards/größe")).isNaN();
    assertThat(read.get(2).scalars()).containsExactly(Map.entry("loss", -1e-3f));
  }

  @Test
  void aResumedRunVoidsWhatComesAfterItsCheckpoint() throws Exception {
    TensorBoardEvents events = TensorBoardEvents.in(folder.resolve("tb"), CLOCK);
    events.started("sft", 0);
    events.updated(new Metrics(1, Map.of("loss", 1.0)));
    events.started("sft", 6);
    events.updated(new Metrics(7, Map.of("loss", 0.5)));
    events.ended();
    assertThat(files()).hasSize(2);
    List<Event> second = read(files().get(1));
    assertThat(second).extracting(Event::start).containsExactly(false, true, false);
    assertThat(second).extracting(Event::step).containsExactly(0L, 7L, 7L);
  }

  @Test
  void aTrainingRunReportsEachUpdate() throws Exception {
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      TrainingOptions options = TrainingOptions.of(LearningRateSchedule.constant(1e-3));
      TrainingResult result =
          new Trainer(
                  model.engine,
                  "sft",
                  options,
                  TrainerTest.context().metrics(TensorBoardEvents.in(folder.resolve("tb"), CLOCK)))
              .run(
                  Trainable.all(model.weights),
                  new MeanLoss(),
                  TrainFixture.repeated(3, List.of(TrainFixture.load("gpt2-tiny").padded())));
      List<Event> read = read(files().get(0));
      assertThat(read).extracting(Event::step).containsExactly(0L, 1L, 2L, 3L);
      for (Metrics metrics : result.metrics()) {
        Event event = read.get((int) metrics.step());
        metrics
            .values()
            .forEach(
                (name, value) ->
                    assertThat(event.scalars().get(name)).isEqualTo(value.floatValue()));
      }
    }
  }

  @Test
  void failuresNameThePlace() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> TensorBoardEvents.in(file.resolve("tb"), CLOCK).started("sft", 0))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("could not write events to " + file.resolve("tb"));
    assertThatThrownBy(() -> TensorBoardEvents.in(folder, CLOCK).updated(new Metrics(1, Map.of())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("events must be written while a run is on");
  }
}
