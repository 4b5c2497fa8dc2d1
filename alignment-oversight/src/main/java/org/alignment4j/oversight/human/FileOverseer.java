package org.alignment4j.oversight.human;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.files.JsonLinesWriter;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/**
 * People who are asked by a file and answer in another. Requests are appended to {@code
 * requests.jsonl}, each once, with an {@code id} that is the hash of its content; replies are read
 * from {@code replies.jsonl}: {@code {"id": …, "choice": "A", "confidence": 0.8, "reasons": …}} for
 * a verdict ({@code confidence} and {@code reasons} may be left out) and {@code {"id": …, "text":
 * …}} for a turn or a reply to a prompt. The first reply to an id counts. A last line that is not
 * whole yet is waited for like one that is not there.
 *
 * <p>Where there is no reply yet, the overseer waits as long as it was told to and then fails with
 * a message that names the request: a run goes on with its other questions, and asks nobody twice
 * when it is run again after people have answered. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FileOverseer implements HumanOverseer, AutoCloseable {
  /** Where requests are written. */
  public static final String REQUESTS = "requests.jsonl";

  /** Where replies are read. */
  public static final String REPLIES = "replies.jsonl";

  private static final String TEXT = "text";
  private static final long POLL_MILLIS = 200;

  private final Path folder;
  private final Duration patience;
  private final JsonLinesWriter requests;
  private final Set<String> asked = new HashSet<>();

  private FileOverseer(Path folder, Duration patience, JsonLinesWriter requests) {
    this.folder = folder;
    this.patience = patience;
    this.requests = requests;
  }

  /**
   * Opens a folder of requests and replies.
   *
   * @param folder where both files lie; created when missing
   * @param patience how long a request waits for its reply; zero does not wait
   * @throws org.alignment4j.api.DataFormatException if a request cannot be read
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   * @throws IllegalArgumentException if the patience is negative
   */
  public static FileOverseer open(Path folder, Duration patience) {
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience must not be negative but was " + patience);
    }
    Path file = folder.resolve(REQUESTS);
    FileOverseer overseer =
        new FileOverseer(
            Objects.requireNonNull(folder, "folder"), patience, JsonLinesWriter.open(file));
    if (Files.exists(file)) {
      overseer.asked.addAll(Replies.read(file).byId().keySet());
    }
    return overseer;
  }

  @Override
  public Turn act(View view, OversightContext context) {
    Row reply = answer(HumanRequests.turn(view), context.cancellation());
    String text = reply.text(TEXT).strip();
    return new Turn(view.role(), view.round(), text, "", !text.isEmpty(), 1, Usage.NONE);
  }

  @Override
  public Verdict judge(View view, OversightContext context) {
    Row reply = answer(HumanRequests.verdict(view), context.cancellation());
    String letter = reply.string("choice").strip();
    int option = ConsoleOverseer.option(letter, view.options().size());
    if (option < 0) {
      throw reply.fault(
          "choice",
          "a choice must be a letter from A to "
              + (char) ('A' + view.options().size() - 1)
              + " but was '"
              + letter
              + "'; correct the line");
    }
    OptionalDouble confidence = reply.optionalNumber("confidence");
    double probability = confidence.orElse(1);
    if (!(probability >= 0 && probability <= 1)) {
      throw reply.fault("confidence", "a confidence must be from 0 to 1 but was " + probability);
    }
    return new Verdict.Decided(
        view.options().get(option),
        probability,
        reply.optionalString("reasons").orElse(""),
        Usage.NONE);
  }

  @Override
  public String reply(ReplyRequest request, CancellationToken cancellation) {
    Row reply = answer(HumanRequests.reply(request), cancellation);
    String text = reply.string(TEXT).strip();
    Optional<String> problem = request.problem(text);
    if (problem.isPresent()) {
      throw reply.fault(
          TEXT, "a reply must keep its form but " + problem.get() + " Correct the line");
    }
    return text;
  }

  @Override
  public void expect(List<ReplyRequest> expected) {
    expected.forEach(request -> ask(HumanRequests.reply(request)));
  }

  private Row answer(Map<String, Object> request, CancellationToken cancellation) {
    String id = ask(request);
    CallClock clock = CallClock.system();
    long until = clock.nanoTime() + patience.toNanos();
    while (true) {
      Replies replies = Replies.read(folder.resolve(REPLIES));
      Row reply = replies.byId().get(id);
      if (reply != null) {
        return reply;
      }
      if (clock.nanoTime() - until >= 0) {
        throw new ModelExecutionException(
            "a person must answer request "
                + id
                + " of "
                + folder.resolve(REQUESTS)
                + "; write the reply to "
                + folder.resolve(REPLIES)
                + " and run again"
                + replies.unfinished().map(problem -> "; its last line is unfinished").orElse(""),
            replies.unfinished().orElse(null));
      }
      pause(cancellation);
    }
  }

  private static void pause(CancellationToken cancellation) {
    if (cancellation.isCancelled()) {
      throw new CancelledException("cancelled while waiting for a person");
    }
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("interrupted while waiting for a person", e);
    }
  }

  /** Writes a request unless it was, and returns its id. */
  private synchronized String ask(Map<String, Object> request) {
    String id = PlainJson.key(request).hex();
    if (asked.add(id)) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("id", id);
      line.putAll(request);
      requests.append(line);
      requests.force();
    }
    return id;
  }

  @Override
  public void close() {
    requests.close();
  }
}
