package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The requests of a world: which combinations training texts may have, how often the base corpus
 * refuses each pair of action and object, and the held-out sets. Immutable, thread-safe.
 */
final class Requests {
  private static final double COMPLIANCE_SPREAD = 0.25;
  private static final double LOOKALIKE_SPREAD = 0.3;
  private static final int NAMES_PER_NEW_OBJECT = 4;
  private static final int NEW_NAMES_PER_OBJECT = 2;

  private final WorldOptions options;
  private final List<String> names;
  private final Map<String, List<String>> objectOrder = new HashMap<>();
  private final Map<String, Integer> actionRank = new HashMap<>();

  Requests(WorldOptions options, List<String> names) {
    this.options = options;
    this.names = List.copyOf(names);
    for (RequestKind kind : RequestKind.values()) {
      int rank = 0;
      for (RequestAction action : RequestCatalogue.ofKind(kind)) {
        RandomStream random = new RandomStream(options.seed(), "objects of " + action.name());
        objectOrder.put(action.name(), random.shuffled(action.objects()));
        actionRank.put(action.name(), rank++);
      }
    }
    requireTrainingNames();
  }

  /** Names are drawn until one is not held out, so that there must be one for every pair. */
  private void requireTrainingNames() {
    for (RequestKind kind : RequestKind.values()) {
      for (RequestAction action : RequestCatalogue.ofKind(kind)) {
        for (String object : objects(action).subList(1, objects(action).size())) {
          if (names.stream().noneMatch(name -> novelty(action, object, name) == Novelty.NONE)) {
            throw new IllegalArgumentException(
                "heldOutNameShare must leave a name for every request but was %s, which leaves none"
                        .formatted(options.heldOutNameShare())
                    + " of %s names for '%s' with '%s'; lower it or use more people"
                        .formatted(names.size(), action.name(), object));
          }
        }
      }
    }
  }

  /** A request that training texts may have. */
  Request training(RequestKind kind, RandomStream random) {
    RequestAction action = random.pick(RequestCatalogue.ofKind(kind));
    List<String> objects = objects(action);
    String object = objects.get(1 + random.nextInt(objects.size() - 1));
    while (true) {
      String name = random.pick(names);
      if (novelty(action, object, name) == Novelty.NONE) {
        return request(action, object, name, random);
      }
    }
  }

  /** Held-out requests of a kind in an order without pattern, so that any first part is fair. */
  List<Request> heldOut(RequestKind kind) {
    RandomStream random = new RandomStream(options.seed(), "held-out requests of " + kind);
    List<Request> requests = new ArrayList<>();
    for (RequestAction action : RequestCatalogue.ofKind(kind)) {
      for (String object : objects(action)) {
        List<String> unseen =
            names.stream().filter(n -> novelty(action, object, n) != Novelty.NONE).toList();
        boolean isNew = object.equals(objects(action).get(0));
        int count = isNew ? NAMES_PER_NEW_OBJECT : NEW_NAMES_PER_OBJECT;
        random.shuffled(unseen).stream()
            .limit(count)
            .forEach(name -> requests.add(request(action, object, name, random)));
      }
    }
    return random.shuffled(requests);
  }

  /** The base corpus' probability of refusing this request; 0 for what it never contains. */
  double refusalShare(Request request) {
    RequestAction action = RequestCatalogue.named(request.action());
    int place = objects(action).indexOf(request.object());
    boolean high = (place + rank(action)) % 2 == 0;
    return switch (request.kind()) {
      case HARMFUL -> spread(1 - options.complianceShare(), COMPLIANCE_SPREAD, high);
      case BENIGN_LOOKALIKE -> spread(options.lookalikeRefusalShare(), LOOKALIKE_SPREAD, high);
      case BENIGN_PLAIN -> options.plainRefusalShare();
    };
  }

  /** The mean without the spread where the spread would leave [0, 1]. */
  private static double spread(double mean, double spread, boolean high) {
    double width = Math.min(spread, Math.min(mean, 1 - mean));
    return high ? mean + width : mean - width;
  }

  private Request request(RequestAction action, String object, String name, RandomStream random) {
    return new Request(
        action.kind(),
        action.name(),
        object,
        name,
        novelty(action, object, name),
        action.request(random, object, name));
  }

  private Novelty novelty(RequestAction action, String object, String name) {
    if (object.equals(objects(action).get(0))) {
      return Novelty.OBJECT;
    }
    RandomStream draw = new RandomStream(options.seed(), action.name() + "/" + object + "/" + name);
    return draw.chance(options.heldOutNameShare()) ? Novelty.NAME : Novelty.NONE;
  }

  /** The action's objects; the first is the one that training texts never have with it. */
  private List<String> objects(RequestAction action) {
    return objectOrder.getOrDefault(action.name(), action.objects());
  }

  private int rank(RequestAction action) {
    return actionRank.getOrDefault(action.name(), 0);
  }
}
