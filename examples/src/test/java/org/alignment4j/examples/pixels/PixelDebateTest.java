package org.alignment4j.examples.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.oversight.game.PrecommittedLies;
import org.alignment4j.oversight.game.Shown;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelDebateTest {
  @TempDir Path folder;

  @Test
  void digitsFollowFromSeedAndNumber() {
    DrawnDigits drawn = new DrawnDigits(3);
    int[] seen = new int[Digit.CLASSES];
    for (int i = 0; i < 300; i++) {
      Digit digit = drawn.draw(i);
      seen[digit.label()]++;
      assertThat(digit.pixels()).isEqualTo(drawn.draw(i).pixels());
      assertThat(JudgeTraining.ink(digit)).hasSizeBetween(40, 320);
    }
    for (int count : seen) {
      assertThat(count).isBetween(10, 55);
    }
    assertThat(drawn.draw(1).pixels()).isNotEqualTo(drawn.draw(2).pixels());
  }

  @Test
  void judgeLearnsFromRandomPixels() {
    DrawnDigits drawn = new DrawnDigits(5);
    List<PrecommittedLies.Input> inputs = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Digit digit = drawn.draw(-1 - i);
      List<Double> values = new ArrayList<>();
      for (float pixel : digit.pixels()) {
        values.add((double) pixel);
      }
      inputs.add(
          new PrecommittedLies.Input("d" + i, values, JudgeTraining.ink(digit), digit.label()));
    }
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);
    PrecommittedLies lies = new PrecommittedLies(Digit.CLASSES, 6);
    try (PixelJudge judge = new JudgeTraining(6, 250, 1).train(runtime, drawn::draw);
        PixelJudge again = new JudgeTraining(6, 250, 1).train(runtime, drawn::draw)) {
      PrecommittedLies.Findings found = lies.random(judge, inputs, OversightContext.of(1));
      assertThat(found.accuracy().ciLow()).isGreaterThan(0.15);
      assertThat(lies.random(again, inputs, OversightContext.of(1))).isEqualTo(found);
    }
  }

  /** The network over both planes, in float64 and without the graphs of the engine. */
  private static double[] naive(FlatParameters weights, Shown shown) {
    double[] x = new double[JudgeNetwork.INPUTS];
    for (int i = 0; i < shown.count(); i++) {
      x[shown.feature(i)] = 1;
      x[Digit.PIXELS + shown.feature(i)] = shown.value(i);
    }
    for (int layer = 1; layer <= 3; layer++) {
      FloatBuffer w = weights.slice("w" + layer);
      FloatBuffer b = weights.slice("b" + layer);
      double[] y = new double[b.remaining()];
      for (int j = 0; j < y.length; j++) {
        y[j] = b.get(j);
        for (int i = 0; i < x.length; i++) {
          y[j] += x[i] * w.get(i * y.length + j);
        }
        y[j] = layer < 3 ? Math.max(0, y[j]) : y[j];
      }
      x = y;
    }
    return x;
  }

  @Test
  void judgeIsTheNetworkOverBothPlanes() {
    FlatParameters weights = FlatParameters.zeros(FlatLayout.of(JudgeNetwork.shapes()));
    SplittableRandom random = new SplittableRandom(2);
    for (String name : JudgeNetwork.shapes().keySet()) {
      FloatBuffer values = weights.slice(name);
      while (values.hasRemaining()) {
        values.put((float) (0.2 * random.nextGaussian()));
      }
    }
    List<Shown> positions = new ArrayList<>(List.of(Shown.nothing()));
    for (int pixel = 0; pixel < 7; pixel++) {
      Shown last = positions.get(positions.size() - 1);
      positions.add(last.with(pixel * 111 + 3, 0.1 + random.nextDouble()));
    }
    try (PixelJudge judge = new PixelJudge(OrtRuntime.create(DevicePolicy.CPU), weights)) {
      double[][] together = judge.scores(positions);
      for (int i = 0; i < positions.size(); i++) {
        Shown one = positions.get(i);
        assertThat(together[i]).containsExactly(naive(weights, one), within(1e-4));
        assertThat(judge.scores(List.of(one))[0]).containsExactly(together[i], within(1e-5));
      }
    }
  }

  @Test
  void programPrintsSearchAndGreed() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    new PixelDebateJob(
            folder.resolve("run"),
            new PixelSettings(1, 3, 20, 300, "", ""),
            new PrintStream(printed, true, StandardCharsets.UTF_8))
        .run();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("playing by search", "playing by greed", "a gain of ", "honest player's");
    assertThat(folder.resolve("run")).isNotEmptyDirectory();
  }

  private Path images(int magic, int count, int side, boolean packed) throws IOException {
    Path file = folder.resolve("images" + magic + count + side + (packed ? ".gz" : ""));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(magic);
    out.writeInt(count);
    out.writeInt(side);
    out.writeInt(side);
    for (int i = 0; i < 2 * Digit.PIXELS; i++) {
      out.writeByte(i == 5 ? 255 : i == 6 ? 51 : 0);
    }
    if (packed) {
      try (GZIPOutputStream zip = new GZIPOutputStream(Files.newOutputStream(file))) {
        zip.write(bytes.toByteArray());
      }
    } else {
      Files.write(file, bytes.toByteArray());
    }
    return file;
  }

  private Path labels(int count, int... labels) throws IOException {
    Path file = folder.resolve("labels" + count + labels.length + labels[0]);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x801);
    out.writeInt(count);
    for (int label : labels) {
      out.writeByte(label);
    }
    Files.write(file, bytes.toByteArray());
    return file;
  }

  @Test
  void readsIdxFiles() throws IOException {
    for (boolean packed : new boolean[] {false, true}) {
      List<Digit> digits = IdxDigits.read(images(0x803, 2, 28, packed), labels(2, 7, 3));
      assertThat(digits).extracting(Digit::label).containsExactly(7, 3);
      assertThat(digits.get(0).pixels()[5]).isEqualTo(1f);
      assertThat(digits.get(0).pixels()[6]).isEqualTo(0.2f);
      assertThat(JudgeTraining.ink(digits.get(0))).containsExactly(5, 6);
    }
  }

  @Test
  void badIdxFilesAreNamed() throws IOException {
    Path good = images(0x803, 2, 28, false);
    assertThatThrownBy(() -> IdxDigits.read(images(0x802, 2, 28, false), labels(2, 7, 3)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("must begin with 803 but begins with 802");
    assertThatThrownBy(() -> IdxDigits.read(good, labels(3, 1, 2, 3)))
        .hasMessageContaining("2 images but there are 3");
    assertThatThrownBy(() -> IdxDigits.read(images(0x803, 2, 14, false), labels(2, 7, 3)))
        .hasMessageContaining("14 × 14");
    assertThatThrownBy(() -> IdxDigits.read(good, labels(2, 17, 3)))
        .hasMessageContaining("image 0 is 17");
    assertThatThrownBy(() -> IdxDigits.read(good, labels(2, 7)))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("ends early");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new PixelSettings(1, 10, 10, 10, "a", ""))
        .hasMessageContaining("given together");
    assertThatThrownBy(() -> new PixelSettings(1, 1, 10, 10, "", ""))
        .hasMessageContaining("at least 2");
  }
}
