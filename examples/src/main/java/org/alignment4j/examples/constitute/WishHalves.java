package org.alignment4j.examples.constitute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Request;

/**
 * The world's pairs of action and object in two halves, of each action as many as can be: one for
 * lessons, the other for feedback.
 *
 * @param taught the pairs that lessons are about; no feedback is about them
 */
record WishHalves(SortedSet<String> taught) {
  /** Checks and copies. */
  WishHalves {
    taught = Collections.unmodifiableSortedSet(new TreeSet<>(taught));
  }

  /** Draws halves. */
  static WishHalves draw(PocketWorld world, long seed) {
    Random random = new Random(seed);
    List<Request> all =
        Stream.concat(world.harmfulRequests().stream(), world.benignRequests().stream()).toList();
    SortedSet<String> taught = new TreeSet<>();
    for (String action : new TreeSet<>(all.stream().map(Request::action).toList())) {
      List<String> wishes =
          new ArrayList<>(
              new TreeSet<>(
                  all.stream()
                      .filter(request -> request.action().equals(action))
                      .map(WishHalves::wish)
                      .toList()));
      Collections.shuffle(wishes, random);
      taught.addAll(wishes.subList(0, wishes.size() / 2));
    }
    return new WishHalves(taught);
  }

  /** Whether lessons may be about a request. */
  boolean taught(Request request) {
    return taught.contains(wish(request));
  }

  /** What is asked for, whoever it concerns. */
  static String wish(Request request) {
    return request.action() + " / " + request.object();
  }
}
