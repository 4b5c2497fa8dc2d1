package org.alignment4j.core.files;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The process that a lock file names.
 *
 * @param pid its number
 * @param started when it began, as the system tells; another process may have had the number before
 */
record LockOwner(long pid, Optional<Instant> started) {

  /** No content is longer. */
  static final int MAX_BYTES = 256;

  private static final String PREFIX = "process ";
  private static final String STARTED = " started ";

  static LockOwner current() {
    ProcessHandle process = ProcessHandle.current();
    return new LockOwner(process.pid(), process.info().startInstant());
  }

  /** Whom the content of a lock file names; nobody if it is empty or not of this form. */
  static Optional<LockOwner> parse(String content) {
    String line = content.strip();
    if (!line.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String[] parts = line.substring(PREFIX.length()).split(STARTED, 2);
    try {
      return Optional.of(
          new LockOwner(
              Long.parseLong(parts[0]),
              parts.length < 2 ? Optional.empty() : Optional.of(Instant.parse(parts[1]))));
    } catch (NumberFormatException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether that process runs. Where the system does not tell enough to be sure, it does not: the
   * lock itself decides then. A process that has ended but was not waited for has no command.
   */
  boolean lives() {
    return started.isPresent()
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .map(ProcessHandle::info)
            .filter(info -> info.command().isPresent() && info.startInstant().equals(started))
            .isPresent();
  }

  String name() {
    return PREFIX + pid;
  }

  String line() {
    return name() + started.map(instant -> STARTED + instant).orElse("");
  }
}
