package org.alignment4j.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Layers;
import org.alignment4j.runtime.graph.OnnxFile;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.StoredTensor;
import org.alignment4j.runtime.graph.Value;

/**
 * A classifier small enough to be computed by hand: the mean of embeddings of tokens, types and
 * positions over what is not padding, and a linear map. Its tokenizer puts {@code [CLS]} before and
 * {@code [SEP]} behind every text.
 */
public final class TinyClassifier {

  static final List<String> WORDS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "sat", "on", "a", "mat", "bad");

  private static final int WIDTH = 6;
  private static final int POSITIONS = 32;

  private final int labels;
  private final boolean typed;
  private final boolean numbered;
  private final float[] words;
  private final float[] types;
  private final float[] positions;
  private final float[] head;
  private final float[] bias;

  /** A classifier with as many labels, told types of tokens and their positions, or not. */
  public TinyClassifier(int labels, boolean typed, boolean numbered) {
    this.labels = labels;
    this.typed = typed;
    this.numbered = numbered;
    Random random = new Random(labels);
    this.words = random(random, WORDS.size() * WIDTH);
    this.types = random(random, 2 * WIDTH);
    this.positions = random(random, POSITIONS * WIDTH);
    this.head = random(random, labels * WIDTH);
    this.bias = random(random, labels);
  }

  private static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Logits by the formula, in float64. */
  double[] logits(int[] ids, long[] typeIds) {
    double[] mean = new double[WIDTH];
    for (int t = 0; t < ids.length; t++) {
      for (int i = 0; i < WIDTH; i++) {
        double x = words[ids[t] * WIDTH + i];
        x += typed ? types[(int) typeIds[t] * WIDTH + i] : 0;
        x += numbered ? positions[t * WIDTH + i] : 0;
        mean[i] += x / ids.length;
      }
    }
    double[] logits = new double[labels];
    for (int l = 0; l < labels; l++) {
      logits[l] = bias[l];
      for (int i = 0; i < WIDTH; i++) {
        logits[l] += head[l * WIDTH + i] * mean[i];
      }
    }
    return logits;
  }

  /** Writes the model over a batch of any size, or of a given one. */
  void write(Path folder, String config, Dim batch, Dim seq) throws IOException {
    Ops ops = new Ops(Graph.portable());
    Graph graph = ops.graph();
    Shape columns = Shape.of(batch, seq);
    Value ids = graph.input("input_ids", ElementType.INT64, columns);
    Value mask = graph.input("attention_mask", ElementType.INT64, columns);
    List<StoredTensor> stored = new ArrayList<>();
    Value x = ops.embed(parameter(graph, stored, "words", words, WORDS.size(), WIDTH), ids);
    if (typed) {
      Value typeIds = graph.input("token_type_ids", ElementType.INT64, columns);
      x = ops.add(x, ops.embed(parameter(graph, stored, "types", types, 2, WIDTH), typeIds));
    }
    if (numbered) {
      Value numbers = graph.input("position_ids", ElementType.INT64, columns);
      Value table = parameter(graph, stored, "positions", positions, POSITIONS, WIDTH);
      x = ops.add(x, ops.embed(table, numbers));
    }
    Value real = ops.real(mask);
    Value sum = ops.sum(ops.mul(x, ops.reshape(real, batch, seq, Dim.of(1))), 1);
    Value mean = ops.div(sum, ops.sumKeep(real, 1));
    Value weight = parameter(graph, stored, "head", head, labels, WIDTH);
    Value offset = parameter(graph, stored, "bias", bias, labels);
    graph.output("logits", new Layers(ops).linear(mean, weight, offset, true));
    OnnxFile file = OnnxFile.of(graph, Map.of(), Map.of(), stored);
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.onnx"))) {
      file.write(Channels.newChannel(out));
    }
    Files.writeString(folder.resolve("config.json"), config);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"pad_token\": \"[PAD]\", \"sep_token\": \"[SEP]\", \"model_max_length\": 9}");
  }

  /** Writes the model over a batch of any size, its configuration and its tokenizer. */
  public void write(Path folder, String config) throws IOException {
    write(folder, config, Dim.symbol("batch"), Dim.symbol("seq"));
  }

  private static Value parameter(
      Graph graph, List<StoredTensor> stored, String name, float[] values, long... shape) {
    stored.add(new StoredTensor(name, shape, FloatBuffer.wrap(values)));
    return graph.parameter(name, Shape.of(shape), false);
  }

  /** A definition of the {@link #WORDS} as tokens. */
  static String tokenizer() {
    StringBuilder vocab = new StringBuilder();
    for (int i = 0; i < WORDS.size(); i++) {
      vocab.append(i == 0 ? "" : ",").append('"').append(WORDS.get(i)).append("\":").append(i);
    }
    StringBuilder added = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      added
          .append(i == 0 ? "" : ",")
          .append("{\"id\":%s,\"content\":\"%s\",".formatted(i, WORDS.get(i)))
          .append("\"single_word\":false,\"lstrip\":false,\"rstrip\":false,")
          .append("\"normalized\":false,\"special\":true}");
    }
    return """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],
         "normalizer":null,"pre_tokenizer":{"type":"Whitespace"},
         "post_processor":{"type":"TemplateProcessing",
          "single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
                    {"SpecialToken":{"id":"[SEP]","type_id":0}}],
          "pair":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
                  {"SpecialToken":{"id":"[SEP]","type_id":0}},{"Sequence":{"id":"B","type_id":1}},
                  {"SpecialToken":{"id":"[SEP]","type_id":1}}],
          "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},
                            "[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
         "decoder":null,
         "model":{"type":"WordLevel","vocab":{%s},"unk_token":"[UNK]"}}
        """
        .formatted(added, vocab);
  }
}
