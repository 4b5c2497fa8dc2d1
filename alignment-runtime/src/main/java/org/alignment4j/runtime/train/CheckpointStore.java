package org.alignment4j.runtime.train;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders {@code checkpoint-STEP} of a run. A checkpoint is written to a hidden folder, forced
 * to disk and renamed, so that a folder with the final name is whole; interrupted work is swept up
 * when the run is opened again.
 */
final class CheckpointStore {
  static final String PREFIX = "checkpoint-";
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,18})");
  private static final Pattern REPLACED = Pattern.compile("\\.(" + PREFIX + "\\d{1,18})\\.old");
  private static final Pattern UNFINISHED = Pattern.compile("\\." + PREFIX + "\\d{1,18}\\.tmp");
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final int keep;
  private final CheckpointDisk disk;
  private long protectedStep = -1;

  CheckpointStore(Path folder, int keep, CheckpointDisk disk) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep must be at least 1 but was " + keep);
    }
    this.folder = folder;
    this.keep = keep;
    this.disk = disk;
  }

  /** Undoes a half-done replacement and removes unfinished checkpoints. */
  void recover() {
    try {
      for (Path entry : entries()) {
        String name = String.valueOf(entry.getFileName());
        Matcher replaced = REPLACED.matcher(name);
        if (UNFINISHED.matcher(name).matches()) {
          disk.deleteTree(entry);
        } else if (replaced.matches()) {
          if (Files.exists(folder.resolve(replaced.group(1)))) {
            disk.deleteTree(entry);
          } else {
            disk.move(entry, folder.resolve(replaced.group(1)));
          }
        }
      }
    } catch (IOException e) {
      throw new RunFolderException(
          "could not sweep up unfinished checkpoints in " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The newest checkpoint that is whole; broken ones are skipped with a warning. */
  Optional<TrainingCheckpoint> latest() {
    for (long step : steps()) {
      Path checkpoint = folder.resolve(PREFIX + step);
      try {
        return Optional.of(
            new TrainingCheckpoint(checkpoint, CheckpointManifest.readVerified(checkpoint)));
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("skipped the checkpoint {}: {}", checkpoint, e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** The checkpoint of a step. */
  TrainingCheckpoint at(long step) {
    Path checkpoint = folder.resolve(PREFIX + step);
    try {
      return new TrainingCheckpoint(checkpoint, CheckpointManifest.readVerified(checkpoint));
    } catch (IOException | IllegalArgumentException e) {
      throw new RunFolderException(
          "the checkpoint " + checkpoint + " must be whole but is not: " + e.getMessage(), e);
    }
  }

  /** Keeps a step's checkpoint whatever its age, in place of the one kept so before. */
  void protect(long step) {
    protectedStep = step;
  }

  void save(long step, List<CheckpointPart> parts, Map<String, String> values) {
    if (step < 0) {
      throw new IllegalArgumentException("step must not be negative but was " + step);
    }
    Path unfinished = folder.resolve("." + PREFIX + step + ".tmp");
    try {
      disk.deleteTree(unfinished);
      disk.createFolder(unfinished);
      write(unfinished, step, parts, values);
      publish(unfinished, folder.resolve(PREFIX + step), step);
    } catch (IOException e) {
      discard(unfinished, e);
      throw new RunFolderException(
          "could not save the checkpoint of step "
              + step
              + " in "
              + folder
              + ": "
              + e.getMessage()
              + "; "
              + steps().stream().findFirst().map(s -> "that of step " + s).orElse("no checkpoint")
              + " remains; free disk space and run again",
          e);
    }
    prune();
  }

  private void write(
      Path unfinished, long step, List<CheckpointPart> parts, Map<String, String> values)
      throws IOException {
    Map<String, CheckpointManifest.Entry> files = new LinkedHashMap<>();
    for (CheckpointPart part : parts) {
      Path file = unfinished.resolve(part.fileName());
      files.put(part.fileName(), write(file, part.content()));
    }
    CheckpointManifest manifest = new CheckpointManifest(step, values, files);
    byte[] json = manifest.toJson();
    write(unfinished.resolve(CheckpointManifest.FILE_NAME), out -> out.write(json));
    disk.forceFolder(unfinished);
  }

  private CheckpointManifest.Entry write(Path file, CheckpointPart.Content content)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    try (OutputStream out =
        new BufferedOutputStream(new DigestOutputStream(disk.create(file), digest), BUFFER)) {
      content.writeTo(out);
    }
    disk.forceFile(file);
    return new CheckpointManifest.Entry(Files.size(file), Sha256.hex(digest));
  }

  private void publish(Path unfinished, Path target, long step) throws IOException {
    Path replaced = folder.resolve("." + PREFIX + step + ".old");
    boolean exists = Files.exists(target);
    if (exists) {
      disk.deleteTree(replaced);
      disk.move(target, replaced);
    }
    try {
      disk.move(unfinished, target);
    } catch (IOException e) {
      if (exists) {
        restore(replaced, target, e);
      }
      throw e;
    }
    disk.forceFolder(folder);
    if (exists) {
      deleteReplaced(replaced);
    }
  }

  private void deleteReplaced(Path replaced) {
    try {
      disk.deleteTree(replaced);
    } catch (IOException e) {
      LOG.warn("could not remove the replaced checkpoint {}: {}", replaced, e.getMessage());
    }
  }

  private void restore(Path replaced, Path target, IOException cause) {
    try {
      disk.move(replaced, target);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void discard(Path unfinished, IOException cause) {
    try {
      disk.deleteTree(unfinished);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Removes all but the newest; renamed first, so that an interrupted removal is swept up. */
  private void prune() {
    List<Long> steps = steps();
    for (long step : steps.subList(Math.min(keep, steps.size()), steps.size())) {
      if (step == protectedStep) {
        continue;
      }
      try {
        Path removed = folder.resolve("." + PREFIX + step + ".tmp");
        disk.deleteTree(removed);
        disk.move(folder.resolve(PREFIX + step), removed);
        disk.deleteTree(removed);
      } catch (IOException e) {
        LOG.warn("could not remove the old checkpoint of step {}: {}", step, e.getMessage());
      }
    }
  }

  /** Steps of the checkpoint folders, newest first. */
  private List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    try {
      for (Path entry : entries()) {
        Matcher name = NAME.matcher(String.valueOf(entry.getFileName()));
        if (name.matches()) {
          steps.add(Long.parseLong(name.group(1)));
        }
      }
    } catch (IOException e) {
      throw new RunFolderException("could not list " + folder + ": " + e.getMessage(), e);
    }
    steps.sort(Comparator.reverseOrder());
    return steps;
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}
