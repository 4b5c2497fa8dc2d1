package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * Compares greedy decoding at batch 1 with Jlama's: the same random float32 weights from the same
 * file, prompts of 16 tokens, as many threads as processors, each engine in a process of its own
 * that waits without working while the other one has its turn. Arguments:
 *
 * <ol>
 *   <li>path of the command {@code java} of a newer virtual machine, for Jlama; {@code -} or
 *       nothing if the variable JLAMA_JAVA has it
 *   <li>{@code S} or {@code M}
 *   <li>the number of rounds
 *   <li>the number of tokens to decode
 * </ol>
 *
 * <p>Jlama is fetched by {@code mvn -f benchmarks/jlama/pom.xml process-resources}.
 */
public final class DecodePeers {

  private static final int WARM_UP = 3;
  private static final int PROMPT = 16;
  private static final String PREFIX = "transformer.";
  private static final String TOKENIZER =
      "{\"version\":\"1.0\",\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}";

  private DecodePeers() {}

  /**
   * Prints rows of a Markdown table: shape, engine and its kernels, tokens per second after the
   * first token, milliseconds until the first (medians and ranges), the ratio of our tokens per
   * second to its in the same round, and how many tokens of the last round are ours from the
   * beginning. Jlama runs twice, with its kernels in C and with those in Java vectors.
   */
  public static void main(String[] args) throws IOException {
    DecoderShape shape = DecoderShape.parse(args.length > 1 ? args[1] : "M");
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 9;
    int count = args.length > 3 ? Integer.parseInt(args[3]) : 64;
    JlamaCommand jlama =
        new JlamaCommand(
            java(args), Path.of("target", "jlama"), Path.of("jlama", "src", "JlamaServer.java"));
    try (TemporaryFolder temporary = TemporaryFolder.create("decode-peers")) {
      Path ours = temporary.path().resolve("ours");
      Path theirs = temporary.path().resolve("theirs");
      write(shape, ours, theirs);
      List<String> engine =
          ChildProcess.java(
              List.of("-Xmx4g", "-XX:MaxDirectMemorySize=8g"),
              EngineDecoder.class,
              List.of(ours.toString(), Integer.toString(count)));
      try (DecodeContender first = new DecodeContender("alignment4j", engine, count);
          DecodeContender second =
              new DecodeContender("Jlama", jlama.of(theirs, count, true), count);
          DecodeContender third =
              new DecodeContender("Jlama", jlama.of(theirs, count, false), count)) {
        compare(shape, rounds, List.of(first, second, third));
      }
    }
  }

  private static Path java(String[] args) {
    return Path.of(
        args.length > 0 && !args[0].equals("-")
            ? args[0]
            : Optional.ofNullable(System.getenv("JLAMA_JAVA")).orElse(""));
  }

  /**
   * Writes the folder that both read, under the names that Jlama knows, and links its files to
   * another one with the tokenizer that Jlama asks for and never uses here.
   */
  private static void write(DecoderShape shape, Path ours, Path theirs) throws IOException {
    int context = shape.architecture().config().maxPositions();
    ConfigJson config =
        shape
            .config()
            .with("n_ctx", context)
            .with("layer_norm_epsilon", 1e-5)
            .with("bos_token_id", shape.vocab() - 1)
            .with("eos_token_id", shape.vocab() - 1);
    List<WeightTensor> tensors = new ArrayList<>();
    for (WeightTensor tensor : shape.weights().tensors()) {
      tensors.add(
          new WeightTensor(
              tensor.name().replaceFirst("^" + PREFIX, ""), tensor.shape(), tensor.data()));
    }
    CheckpointWriter.save(ours, config, null, Weights.of(tensors), DType.F32, null);
    Files.createDirectories(theirs);
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.createLink(theirs.resolve(file), ours.resolve(file));
    }
    Files.writeString(theirs.resolve("tokenizer.json"), TOKENIZER);
  }

  private static void compare(DecoderShape shape, int rounds, List<DecodeContender> contenders)
      throws IOException {
    for (int round = -WARM_UP; round < rounds; round++) {
      String prompt =
          Arrays.stream(shape.tokens(PROMPT, round + WARM_UP))
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(" "));
      for (int i = 0; i < contenders.size(); i++) {
        contenders.get(Math.floorMod(i + round, contenders.size())).round(prompt, round >= 0);
      }
    }
    DecodeContender ours = contenders.get(0);
    for (DecodeContender contender : contenders) {
      boolean peer = contender != ours;
      System.out.printf(
          "| %s | %s | %s | %s | %s | %s |%n",
          shape.name(),
          contender.name(),
          Spread.of(contender.rates()).text(1),
          contender.prompt().text(0),
          peer ? ratio(ours, contender).text(2) : "–",
          peer ? equal(ours.tokens(), contender.tokens()) : "–");
    }
  }

  private static Spread ratio(DecodeContender ours, DecodeContender theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.rates().size(); i++) {
      ratios.add(ours.rates().get(i) / theirs.rates().get(i));
    }
    return Spread.of(ratios);
  }

  private static String equal(List<String> ours, List<String> theirs) {
    int equal = 0;
    while (equal < ours.size() && ours.get(equal).equals(theirs.get(equal))) {
      equal++;
    }
    return equal + " of " + ours.size();
  }
}
