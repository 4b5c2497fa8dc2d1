package org.alignment4j.interp.steer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Beginning;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The direction that the pocket model's refusals go along, on requests that it was not found on.
 */
@Tag("slow")
class PocketRefusalTest {

  private static final Logger LOG = LoggerFactory.getLogger(PocketRefusalTest.class);
  private static final PocketWorld WORLD = PocketWorld.create(1);
  private static final int WIDTH = 192;
  private static final SamplingOptions GREEDY = SamplingOptions.greedy(24);

  private static List<Request> those(List<Request> requests, LanguageModel model, boolean refused) {
    List<Request> shuffled = new ArrayList<>(requests);
    Collections.shuffle(shuffled, new Random(7));
    List<Completion> replies = model.generate(prompts(shuffled), GREEDY);
    List<Request> found = new ArrayList<>();
    for (int i = 0; i < shuffled.size(); i++) {
      if (WORLD.judge().isRefusal(replies.get(i).text()) == refused) {
        found.add(shuffled.get(i));
      }
    }
    return found;
  }

  private static List<Prompt.Chat> prompts(List<Request> requests) {
    return requests.stream().map(Request::prompt).toList();
  }

  private static double refusals(LanguageModel model, List<Request> requests) {
    return model.generate(prompts(requests), GREEDY).stream()
            .filter(reply -> WORLD.judge().isRefusal(reply.text()))
            .count()
        / (double) requests.size();
  }

  private static List<Intervention<?>> randomAblation(int count, long seed) {
    Random random = new Random(seed);
    List<Intervention<?>> all = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      double[] drawn = random.doubles(WIDTH, -1, 1).toArray();
      ActivationSite site = ActivationSite.of(HookPoints.residPre(1));
      all.addAll(RefusalDirection.ablation(Direction.raw(drawn, site, "pocket", "random")));
    }
    return all;
  }

  @Test
  void aFewDirectionsFlipItBothWays(@TempDir Path folder) {
    try (DecoderModel model =
        DecoderModel.load(
            PocketModel.copyTo(folder), ModelOptions.defaults().device(DevicePolicy.CPU))) {
      List<Request> harmful = those(WORLD.harmfulRequests(), model, true);
      List<Request> benign = those(WORLD.benignRequests(), model, false);
      int[] firsts =
          model.generate(prompts(harmful), GREEDY).stream()
              .mapToInt(reply -> reply.tokens().get(0))
              .distinct()
              .toArray();
      RefusalPrompts train =
          new RefusalPrompts(
              encode(model, harmful.subList(0, 28)), encode(model, benign.subList(0, 28)));
      RefusalPrompts validation =
          new RefusalPrompts(
              encode(model, harmful.subList(28, 40)), encode(model, benign.subList(28, 40)));
      List<Request> refused = harmful.subList(40, harmful.size());
      List<Request> helped = benign.subList(40, benign.size());
      RefusalSearch search = RefusalSearch.of(3, firsts).limits(1, 0.1, 0);
      RefusalDirection one = search.find(model, train, validation, CancellationToken.none());
      RefusalSubspace found =
          search
              .limits(1, 0.1, Double.NEGATIVE_INFINITY)
              .findSeveral(model, 10, train, validation, CancellationToken.none());
      double induced = refusals(model.with(one.induction()), helped);
      LOG.info("of {} helped {} are refused by induction", helped.size(), induced);
      for (int k = 1; k <= found.found().size(); k++) {
        List<Intervention<?>> ablation =
            new RefusalSubspace(found.found().subList(0, k)).ablation();
        LOG.info(
            "{} directions: of {} refused still {}, of helped {}; random {}",
            k,
            refused.size(),
            refusals(model.with(ablation), refused),
            refusals(model.with(ablation), helped),
            refusals(model.with(randomAblation(k, 1)), refused));
      }
      HookedModel ablated = model.with(found.ablation());
      assertThat(induced).isGreaterThanOrEqualTo(0.8);
      assertThat(refusals(ablated, refused)).isLessThanOrEqualTo(0.2);
      assertThat(refusals(ablated, helped)).isLessThan(0.05);
      double byChance = 0;
      for (int seed = 1; seed <= 5; seed++) {
        byChance += refusals(model.with(randomAblation(found.found().size(), seed)), refused) / 5;
      }
      LOG.info("as many random directions leave {}", byChance);
      assertThat(byChance).isGreaterThan(0.7);
    }
  }

  private static List<TokenIds> encode(DecoderModel model, List<Request> requests) {
    return Beginning.ALWAYS.encode(
        model.tokenizer(), requests.stream().map(r -> Dialogue.prompt(r.text())).toList());
  }
}
