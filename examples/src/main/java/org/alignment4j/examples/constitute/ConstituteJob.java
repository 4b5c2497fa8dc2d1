package org.alignment4j.examples.constitute;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.data.Demonstrations;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.constitution.AiLabel;
import org.alignment4j.oversight.constitution.RevisionChain;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.RequestKind;
import org.alignment4j.pocket.world.Split;
import org.alignment4j.runtime.DecoderModel;

/**
 * Constitutional AI (Bai et al. 2022) from end to end: answers of the pocket model are criticised
 * and revised by principles; the model learns the last revisions; its answers are compared by the
 * principles, without people; it learns the preferences by DPO.
 *
 * <p>The pocket model follows no instructions in prose. A copy of it, the supervisor, is therefore
 * taught to criticise and revise, as the paper's model was taught to follow instructions before: by
 * lessons of its own replies that the world's truth labels, about one half of the pairs of action
 * and object. The supervisor gives its feedback on the other half. The measured model starts from
 * the bundled one, sees no lesson and no label but the supervisor's, and is measured on requests
 * and questions that nothing was trained on.
 */
public final class ConstituteJob {
  private static final int LESSON_DRAWS = 6;

  private final Path run;
  private final ConstituteSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of models, data, calls, table and report
   * @param settings what is fixed before anything is measured
   * @param out takes progress and the table
   */
  public ConstituteJob(Path run, ConstituteSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /** Trains, measures, prints the tables and writes the run folder. Call it once. */
  public void run() {
    measure();
  }

  ConstituteResult measure() {
    RequestPool pool = new RequestPool(world, settings.seed());
    WishHalves halves = WishHalves.draw(world, settings.seed());
    List<Request> taught = take(pool, settings.lessons(), halves::taught);
    List<Request> revised = take(pool, settings.chains(), request -> !halves.taught(request));
    List<Request> compared = take(pool, settings.pairs(), request -> !halves.taught(request));
    Trainings trainings = new Trainings(run, settings.seed(), ConsoleProgress.on(out));
    ExecutorService threads =
        Executors.newFixedThreadPool(Supervision.AT_ONCE, task -> new Thread(task, "feedback"));
    try (DecoderModel base = BundledPocket.load(run);
        RecordedCalls calls = RecordedCalls.open(run.resolve("calls.jsonl"), configuration());
        DecoderModel supervisor = teach(trainings, base, taught)) {
      Supervision supervision =
          new Supervision(settings, supervisor, calls, threads, ConsoleProgress.on(out));
      ConstituteResult result = align(trainings, supervision, base, revised, compared);
      new ConstitutePage(result, settings, provenance(base, halves)).write(run, out);
      return result;
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Request> take(RequestPool pool, int count, Predicate<Request> fit) {
    List<Request> requests = new ArrayList<>(pool.take(RequestKind.HARMFUL, count, fit));
    requests.addAll(pool.take(RequestKind.BENIGN_LOOKALIKE, count, fit));
    requests.addAll(pool.take(RequestKind.BENIGN_PLAIN, count / 2, fit));
    return requests;
  }

  private DecoderModel teach(Trainings trainings, DecoderModel base, List<Request> taught) {
    out.println("teaching the supervisor");
    Lessons lessons = Lessons.of(world.judge(), taught, base, LESSON_DRAWS, settings.seed());
    return trainings.supervisor(base, lessons.examples(settings.seed()));
  }

  private ConstituteResult align(
      Trainings trainings,
      Supervision supervision,
      DecoderModel base,
      List<Request> revised,
      List<Request> compared) {
    HeldOut heldOut = HeldOut.of(world, settings.items());
    List<Conduct> greedy = new ArrayList<>();
    List<Conduct> sampled = new ArrayList<>();
    measure(heldOut, "base", base, greedy, sampled);
    out.println("criticising and revising");
    Map<Request, RevisionChain> chains = supervision.chains(base, revised);
    List<Demonstration> demonstrations = demonstrations(chains);
    demonstrations.addAll(
        supervision.answers(
            base, world.questions(Split.TRAINING).stream().limit(settings.questions()).toList()));
    Path demonstrationFile = run.resolve("demonstrations.jsonl");
    Demonstrations.write(demonstrationFile, demonstrations);
    out.println("learning the revisions");
    try (DecoderModel sft = trainings.revisions(base, demonstrationFile)) {
      measure(heldOut, "SFT on revisions", sft, greedy, sampled);
      out.println("comparing answers");
      Map<Request, AiLabel> labels = supervision.labels(sft, compared);
      List<PreferencePair> pairs =
          labels.values().stream().map(AiLabel::pair).flatMap(Optional::stream).toList();
      Path pairFile = run.resolve("preferences.jsonl");
      Preferences.write(pairFile, pairs);
      out.println("learning the preferences");
      try (DecoderModel adapted = trainings.preferences(sft, pairFile);
          DecoderModel aligned = adapted.merged()) {
        measure(heldOut, "DPO on AI feedback", aligned, greedy, sampled);
        aligned.save(run.resolve("aligned"));
      }
      Map<String, Integer> counts = new LinkedHashMap<>();
      counts.put("demonstrations", demonstrations.size());
      counts.put("preference pairs", pairs.size());
      return new ConstituteResult(greedy, sampled, figures(chains, labels), counts);
    }
  }

  /** What is learned of chains: their last revisions. */
  static List<Demonstration> demonstrations(Map<Request, RevisionChain> chains) {
    List<Demonstration> demonstrations = new ArrayList<>();
    for (RevisionChain chain : chains.values()) {
      chain
          .last()
          .ifPresent(reply -> demonstrations.add(Demonstration.answer(chain.prompt(), reply)));
    }
    return demonstrations;
  }

  private Map<String, Estimate> figures(
      Map<Request, RevisionChain> chains, Map<Request, AiLabel> labels) {
    SupervisionFigures figures = new SupervisionFigures(world.judge());
    Map<String, Estimate> all = new LinkedHashMap<>(figures.ofChains(chains));
    all.putAll(figures.ofLabels(labels));
    return all;
  }

  private void measure(
      HeldOut heldOut,
      String name,
      LanguageModel model,
      List<Conduct> greedy,
      List<Conduct> sampled) {
    out.println("measuring " + name);
    greedy.add(heldOut.measure(name, model, SamplingOptions.greedy(HeldOut.TOKENS)));
    sampled.add(
        heldOut.measure(name, model, SamplingOptions.sampling(HeldOut.TOKENS, settings.seed())));
  }

  private Map<String, Object> configuration() {
    return Map.of("settings", settings.toString(), "world", world.version());
  }

  private Map<String, String> provenance(DecoderModel base, WishHalves halves) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("world", world.version());
    provenance.put("model", base.id());
    provenance.put("settings", settings.toString());
    provenance.put("lessons are about", String.join(", ", halves.taught()));
    return provenance;
  }
}
