package org.alignment4j.runtime.hook;

import java.util.UUID;

/**
 * Identities of Java functions without a name. They never repeat, in this process or another: an id
 * that came again might stand for a function that computes something else.
 */
final class UnnamedFunctions {

  private UnnamedFunctions() {}

  static String serial() {
    return UUID.randomUUID().toString();
  }
}
