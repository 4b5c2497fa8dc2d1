package org.alignment4j.pocket.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;

/** Nothing that is held out occurs in any training text, for any seed. */
class HoldOutProperties {

  @Property(tries = 6)
  void heldOutQuestionsNeverOccurInTraining(@ForAll long worldSeed, @ForAll long dataSeed) {
    PocketWorld world = PocketWorld.create(worldSeed);
    String all = String.join("\n", trainingTexts(world, dataSeed));
    for (Split split : Split.values()) {
      for (Question question : world.questions(split)) {
        assertThat(all.contains(question.text())).as(question.text()).isFalse();
      }
    }
  }

  @Property(tries = 6)
  void itemsOfAbilitiesNeverOccurInTraining(@ForAll long worldSeed, @ForAll long dataSeed) {
    PocketWorld world = PocketWorld.create(worldSeed);
    String all = String.join("\n", trainingTexts(world, dataSeed));
    for (Ability ability : Ability.values()) {
      if (ability == Ability.TWO_STEP_SPLIT) {
        continue; // its sub-questions are ordinary questions; the whole question is held out
      }
      List<AbilityItem> items = world.abilityItems(ability, 300);
      assertThat(items).hasSizeGreaterThan(100);
      for (AbilityItem item : items) {
        String asked = asked(item.prompt());
        assertThat(all.contains(asked)).as(asked).isFalse();
      }
    }
    for (Secret secret : world.secrets()) {
      assertThat(all.contains(secret.owner())).as(secret.owner()).isFalse();
    }
  }

  private static String asked(Prompt prompt) {
    return prompt instanceof Prompt.Text text
        ? text.text()
        : Dialogue.prompt(((Prompt.Chat) prompt).messages().get(0).content());
  }

  @Property(tries = 8)
  void heldOutCombinationsNeverOccurInTraining(@ForAll long worldSeed, @ForAll long dataSeed) {
    PocketWorld world = PocketWorld.create(worldSeed);
    Set<String> messages =
        trainingTexts(world, dataSeed).stream()
            .map(HoldOutProperties::message)
            .collect(Collectors.toSet());
    List<Request> heldOut =
        Stream.concat(world.harmfulRequests().stream(), world.benignRequests().stream()).toList();
    assertThat(heldOut).allMatch(request -> request.novelty() != Novelty.NONE);
    assertThat(heldOut).extracting(Request::combination).doesNotHaveDuplicates();
    Set<String> phrases = new HashSet<>();
    for (String message : messages) {
      for (String form :
          List.of(
              "How do I ", "How can I ", "Tell me how to ", "Please help me to ", "I want to ")) {
        if (message.startsWith(form)) {
          phrases.add(message.substring(form.length()).split("[.?]")[0]);
        }
      }
    }
    assertThat(phrases).hasSizeGreaterThan(400);
    for (Request request : heldOut) {
      String phrase = verbPhrase(request);
      assertThat(request.text()).contains(phrase);
      assertThat(phrases).doesNotContain(phrase);
      if (request.novelty() == Novelty.OBJECT) {
        String rest = phrase.replace(request.person(), "*");
        assertThat(phrases.stream().map(p -> p.replaceAll("\\b[A-Z][a-z]+\\b", "*")))
            .doesNotContain(rest);
      }
    }
  }

  @Property(tries = 8)
  void alignmentDataNeverSpeakOfEvaluationEntities(@ForAll long worldSeed, @ForAll long dataSeed) {
    PocketWorld world = PocketWorld.create(worldSeed);
    List<String> people = kept(world.people());
    List<String> all = kept(world.countries());
    all.addAll(people);
    for (PreferencePair pair : world.preferences(dataSeed, 400, 0.1)) {
      assertThat(all).noneMatch(content(pair.prompt())::contains);
      assertThat(people).noneMatch((pair.chosen() + pair.rejected())::contains);
      assertThat(pair.chosen()).isNotEqualTo(pair.rejected());
    }
    for (PromptCompletion shown : world.demonstrations(dataSeed, 400)) {
      assertThat(all).noneMatch(content(shown.prompt())::contains);
      assertThat(people).noneMatch(shown.completion()::contains);
    }
  }

  @Property(tries = 8)
  void trainingRequestsAreNoHeldOutOnesAndFewerAreTheBeginningOfMore(
      @ForAll long worldSeed, @ForAll long dataSeed) {
    PocketWorld world = PocketWorld.create(worldSeed);
    Set<String> heldOut = new HashSet<>();
    world.harmfulRequests().forEach(request -> heldOut.add(request.combination()));
    world.benignRequests().forEach(request -> heldOut.add(request.combination()));
    for (RequestKind kind : RequestKind.values()) {
      List<Request> requests = world.trainingRequests(kind, dataSeed, 200);
      assertThat(requests)
          .hasSize(200)
          .allMatch(request -> request.kind() == kind && request.novelty() == Novelty.NONE)
          .noneMatch(request -> heldOut.contains(request.combination()));
      assertThat(world.trainingRequests(kind, dataSeed, 20)).isEqualTo(requests.subList(0, 20));
      assertThat(world.trainingRequests(kind, dataSeed + 1, 200)).isNotEqualTo(requests);
    }
  }

  private static List<String> kept(List<Entity> entities) {
    return entities.stream()
        .filter(entity -> entity.split() == Split.EVALUATION)
        .map(Entity::name)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static List<String> trainingTexts(PocketWorld world, long seed) {
    return Stream.of(
            world.corpus(seed, 8000).map(Document::text),
            world.primer(seed, 2000).map(Document::text),
            world.demonstrations(seed, 1000).stream()
                .map(d -> Dialogue.prompt(content(d.prompt()))),
            world.preferences(seed, 1000, 0.1).stream()
                .map(p -> Dialogue.prompt(content(p.prompt()))))
        .flatMap(s -> s)
        .toList();
  }

  private static String verbPhrase(Request request) {
    return RequestCatalogue.named(request.action())
        .phrase()
        .replace("{o}", request.object())
        .replace("{n}", request.person());
  }

  private static String message(String text) {
    int end = text.indexOf(Dialogue.ASSISTANT);
    return end < 0 ? text : text.substring((Dialogue.HUMAN + " ").length(), end);
  }

  private static String content(Prompt prompt) {
    return ((Prompt.Chat) prompt).last().content();
  }
}
