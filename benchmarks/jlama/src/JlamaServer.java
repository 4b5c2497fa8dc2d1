import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.KvBufferCache;
import com.github.tjake.jlama.tensor.operations.TensorOperationsProvider;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Decodes greedily with Jlama at the command of the process that compares it, which starts this
 * file with a newer virtual machine. Weights and activations are float32, threads are as many as
 * processors, prompts are tokens. Arguments: the folder of a model and the number of tokens to
 * decode.
 *
 * <p>Says the kernels it has chosen when it is ready. Answers each line of tokens of a prompt with
 * milliseconds of the prompt, milliseconds of the tokens after the first, and all tokens.
 */
final class JlamaServer {

  private static final double MILLIS = 1e6;

  private final AbstractModel model;
  private final int count;

  private JlamaServer(AbstractModel model, int count) {
    this.model = model;
    this.count = count;
  }

  public static void main(String[] args) throws IOException {
    AbstractModel model =
        ModelSupport.loadModel(
            new File(args[0]),
            null,
            DType.F32,
            DType.F32,
            Optional.empty(),
            Optional.of(Runtime.getRuntime().availableProcessors()));
    JlamaServer server = new JlamaServer(model, Integer.parseInt(args[1]));
    System.out.println(TensorOperationsProvider.get().name());
    BufferedReader prompts =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = prompts.readLine()) != null; ) {
      System.out.println(
          server.decode(Arrays.stream(line.split(" ")).mapToInt(Integer::parseInt).toArray()));
    }
    model.close();
  }

  /** As {@code AbstractModel.generate} does it, without text. */
  private String decode(int[] prompt) throws IOException {
    StringBuilder tokens = new StringBuilder();
    KvBufferCache caches = new KvBufferCache(model);
    try (KvBufferCache.KvBuffer cache = caches.getKvBuffer(UUID.randomUUID());
        AbstractTensor logits = model.makeDenseTensor(model.getConfig().vocabularySize)) {
      long start = System.nanoTime();
      AbstractTensor last = model.batchForward(prompt, 0, cache);
      int next = model.sample(last.slice(last.shape().first() - 1), 0, 0, logits);
      last.close();
      tokens.append(' ').append(next);
      long first = System.nanoTime();
      for (int i = 1; i < count; i++) {
        AbstractTensor output = model.forward(next, prompt.length + i - 1, cache, Optional.empty());
        next = model.sample(output, 0, 0, logits);
        output.close();
        cache.incrementContextPosition();
        tokens.append(' ').append(next);
      }
      long end = System.nanoTime();
      return String.format(
          Locale.ROOT, "%.3f %.3f%s", (first - start) / MILLIS, (end - first) / MILLIS, tokens);
    } finally {
      caches.close();
    }
  }
}
