package org.alignment4j.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of 16-bit floats, bit by bit, against the definition of the formats in double. */
class HalfPrecisionFilesTest {

  private static final Architecture SMALL = LlamaConfigs.create(120, 32, 2, 4, 2, 64, 48, 1, 2);
  private static final ModelOptions CPU = ModelOptions.defaults().device(DevicePolicy.CPU);

  /** The finite values from 0 up, by bit pattern. */
  private static final double[] POSITIVE = new double[0x7c00];

  static {
    for (int i = 0; i < POSITIVE.length; i++) {
      POSITIVE[i] = half(i);
    }
  }

  @TempDir Path folder;

  /** binary16 by its definition. */
  static double half(int bits) {
    int e = bits >> 10 & 31;
    int f = bits & 1023;
    double m =
        e == 31
            ? (f == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : e == 0 ? f * Math.pow(2, -24) : (1024 + f) * Math.pow(2, e - 25);
    return (bits & 0x8000) != 0 ? -m : m;
  }

  /** Nearest binary16 by search over all finite ones, ties to the even pattern. */
  static int nearest(float x, double[] positive) {
    double a = Math.abs((double) x);
    int at = Arrays.binarySearch(positive, a);
    int best;
    if (at >= 0) {
      best = at;
    } else {
      int hi = -at - 1;
      if (hi >= positive.length) {
        best = positive.length - 1;
      } else {
        double up = positive[hi] - a;
        double down = a - positive[hi - 1];
        best = up < down || (up == down && hi % 2 == 0) ? hi : hi - 1;
      }
    }
    return best | (Float.floatToRawIntBits(x) < 0 ? 0x8000 : 0);
  }

  private static Weights one(float[] values) {
    return Weights.of(List.of(WeightTensor.of("w", new long[] {values.length}, values)));
  }

  private static ByteBuffer data(Path file) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    long header = all.getLong();
    return all.slice(8 + (int) header, all.limit() - 8 - (int) header)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void f16RoundsToNearestEven() throws IOException {
    double[] positive = POSITIVE;
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < 0x7c00; i++) {
      float v = (float) positive[i];
      double mid = i + 1 < 0x7c00 ? (positive[i] + positive[i + 1]) / 2 : 65519.996;
      for (float x :
          new float[] {
            v,
            Math.nextUp(v),
            Math.nextDown(v),
            (float) mid,
            Math.nextUp((float) mid),
            Math.nextDown((float) mid)
          }) {
        if (Math.abs(x) < 65520) {
          values.add(x);
          values.add(-x);
        }
      }
    }
    values.addAll(
        List.of(
            0f,
            -0f,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Float.MIN_NORMAL,
            0x1p-25f,
            0x1.000002p-25f,
            0x1p-26f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY));
    Random r = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float x = Float.intBitsToFloat(r.nextInt());
      if (Math.abs(x) < 65520) {
        values.add(x);
      }
    }
    float[] x = new float[values.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = values.get(i);
    }
    Path file = folder.resolve("h.safetensors");
    SafetensorsWriter.write(file, one(x), DType.F16);
    ByteBuffer written = data(file);
    int wrong = 0;
    for (int i = 0; i < x.length; i++) {
      int expected =
          Float.isInfinite(x[i]) ? (x[i] > 0 ? 0x7c00 : 0xfc00) : nearest(x[i], positive);
      int got = written.getShort(2 * i) & 0xffff;
      if (got != expected) {
        wrong++;
      }
    }
    assertThat(wrong).isZero();
    for (float big : new float[] {65520, -65520, 1e30f, Float.MAX_VALUE}) {
      assertThatThrownBy(() -> SafetensorsWriter.write(file, one(new float[] {1, big}), DType.F16))
          .hasMessageContaining("65504");
    }
    // NaNs stay NaNs, the sign and the upper payload kept
    int[] nans = {0x7f800001, 0x7fc00000, 0xffc01000, 0x7fbfffff, 0xff802000};
    float[] n = new float[nans.length];
    for (int i = 0; i < n.length; i++) {
      n[i] = Float.intBitsToFloat(nans[i]);
    }
    SafetensorsWriter.write(file, one(n), DType.F16);
    for (int i = 0; i < n.length; i++) {
      int got = data(file).getShort(2 * i) & 0xffff;
      assertThat(Double.isNaN(half(got))).isTrue();
      assertThat(got >>> 15).isEqualTo(nans[i] >>> 31);
    }
    SafetensorsWriter.write(file, one(n), DType.F32);
    for (int i = 0; i < n.length; i++) {
      assertThat(data(file).getInt(4 * i)).isEqualTo(nans[i]);
    }
  }

  private static void file(Path path, String json, byte[] data) throws IOException {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(header.length).put(header).put(data);
    Files.write(path, out.array());
  }

  @Test
  void everyPatternOfBothHalvesIsRead() throws IOException {
    ByteBuffer all = ByteBuffer.allocate(131_072).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 65_536; i++) {
      all.putShort((short) i);
    }
    for (String pad : new String[] {"", " ", "  ", "   "}) { // data begins at any byte
      for (String type : new String[] {"F16", "BF16"}) {
        Path path = folder.resolve("p" + pad.length() + type);
        file(
            path,
            "{\"w\":{\"dtype\":\""
                + type
                + "\",\"shape\":[256,256],\"data_offsets\":[0,131072]}}"
                + pad,
            all.array());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
          var data = file.read("w").data();
          for (int i = 0; i < 65_536; i++) {
            int got = Float.floatToRawIntBits(data.get(i));
            if (type.equals("BF16")) {
              assertThat(got).isEqualTo(i << 16);
            } else if (Double.isNaN(half(i))) {
              assertThat(got).isEqualTo((i & 0x8000) << 16 | 0x7f800000 | (i & 1023) << 13);
            } else {
              assertThat(got).isEqualTo(Float.floatToRawIntBits((float) half(i)));
            }
          }
        }
      }
      byte[] floats = new byte[4 * 5];
      ByteBuffer.wrap(floats)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putFloat(1)
          .putFloat(-2.5f)
          .putInt(0x7f800001)
          .putFloat(1e-40f)
          .putFloat(-0f);
      Path path = folder.resolve("f" + pad.length());
      file(path, "{\"w\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}}" + pad, floats);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        var d = file.read("w").data();
        assertThat(
                new int[] {
                  Float.floatToRawIntBits(d.get(0)),
                  Float.floatToRawIntBits(d.get(1)),
                  Float.floatToRawIntBits(d.get(2)),
                  Float.floatToRawIntBits(d.get(3)),
                  Float.floatToRawIntBits(d.get(4))
                })
            .containsExactly(
                Float.floatToRawIntBits(1),
                Float.floatToRawIntBits(-2.5f),
                0x7f800001,
                Float.floatToRawIntBits(1e-40f),
                0x80000000);
      }
    }
  }

  /** Shards in another order, at odd byte offsets, equal the same values in float32. */
  @Test
  void shardsOfBothHalves() throws IOException {
    Weights start = InitialWeights.create(SMALL, 5);
    for (String type : new String[] {"BF16", "F16"}) {
      Path dir = Files.createDirectories(folder.resolve(type));
      Files.writeString(dir.resolve("config.json"), LlamaConfigs.json(SMALL.config()).text());
      List<String> names = new ArrayList<>(start.names());
      StringBuilder map = new StringBuilder();
      List<WeightTensor> rounded = new ArrayList<>();
      int shards = 3;
      for (int s = 0; s < shards; s++) {
        StringBuilder json = new StringBuilder("{");
        ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = names.size() - 1 - s; i >= 0; i -= shards) {
          WeightTensor t = start.get(names.get(i));
          int from = data.position();
          float[] back = new float[t.size()];
          for (int k = 0; k < back.length; k++) {
            int bits = Float.floatToRawIntBits(t.data().get(k));
            if (type.equals("BF16")) {
              data.putShort((short) (bits >>> 16));
              back[k] = Float.intBitsToFloat(bits & 0xffff0000);
            } else {
              double[] positive = POSITIVE;
              int h = nearest(t.data().get(k), positive);
              data.putShort((short) h);
              back[k] = (float) half(h);
            }
          }
          rounded.add(WeightTensor.of(t.name(), t.shape(), back));
          json.append(json.length() > 1 ? "," : "")
              .append(
                  "\""
                      + t.name()
                      + "\":{\"dtype\":\""
                      + type
                      + "\",\"shape\":"
                      + Arrays.toString(t.shape())
                      + ",\"data_offsets\":["
                      + from
                      + ","
                      + data.position()
                      + "]}");
          map.append(map.isEmpty() ? "" : ",")
              .append("\"" + t.name() + "\":\"part" + s + ".safetensors\"");
        }
        json.append("}").append(" ".repeat(s));
        file(
            dir.resolve("part" + s + ".safetensors"),
            json.toString(),
            Arrays.copyOf(data.array(), data.position()));
      }
      Files.writeString(
          dir.resolve("model.safetensors.index.json"),
          "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}");
      try (DecoderModel loaded = DecoderModel.load(dir, CPU);
          DecoderModel direct =
              DecoderModel.of(LlamaConfigs.json(SMALL.config()), Weights.of(rounded), null, CPU)) {
        for (String name : start.names()) {
          assertThat(loaded.weights().get(name).data())
              .isEqualTo(direct.weights().get(name).data());
        }
        assertThat(loaded.forward(TokenIds.of(5, 6, 7)).execute().logits(0, -1))
            .isEqualTo(direct.forward(TokenIds.of(5, 6, 7)).execute().logits(0, -1));
        Path saved = folder.resolve("saved" + type);
        loaded.save(saved);
        try (DecoderModel again = DecoderModel.load(saved, CPU)) {
          for (String name : start.names()) {
            assertThat(again.weights().get(name).data())
                .isEqualTo(loaded.weights().get(name).data());
          }
        }
      }
    }
  }
}
