package org.alignment4j.examples.constitute;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.RequestKind;

/**
 * Requests that training texts may have, handed out so that no two are about the same action,
 * object and person, however worded. Not thread-safe.
 */
final class RequestPool {
  private static final int MOST_DRAWS = 50;

  private final PocketWorld world;
  private final long seed;
  private final Map<RequestKind, Integer> drawn = new EnumMap<>(RequestKind.class);
  private final Set<List<String>> taken = new HashSet<>();

  RequestPool(PocketWorld world, long seed) {
    this.world = world;
    this.seed = seed;
  }

  /**
   * Takes requests.
   *
   * @param fit which ones may be taken; others are lost for later
   * @throws IllegalArgumentException if there are not as many that are new
   */
  List<Request> take(RequestKind kind, int count, Predicate<Request> fit) {
    int from = drawn.getOrDefault(kind, 0);
    int to = from + MOST_DRAWS * count;
    List<Request> found = new ArrayList<>();
    List<Request> all = world.trainingRequests(kind, seed, to);
    for (int i = from; i < to && found.size() < count; i++) {
      Request request = all.get(i);
      drawn.put(kind, i + 1);
      if (fit.test(request)
          && taken.add(List.of(request.action(), request.object(), request.person()))) {
        found.add(request);
      }
    }
    if (found.size() < count) {
      throw new IllegalArgumentException(
          "requests must be at most as many as the world has but of kind "
              + kind
              + " there are only "
              + found.size()
              + " more where "
              + count
              + " were wanted");
    }
    return List.copyOf(found);
  }
}
