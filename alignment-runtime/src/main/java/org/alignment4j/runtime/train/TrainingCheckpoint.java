package org.alignment4j.runtime.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.RunFolderException;
import org.apiguardian.api.API;

/** A saved moment of a run, complete and with verified checksums. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingCheckpoint {
  private final Path folder;
  private final CheckpointManifest manifest;

  TrainingCheckpoint(Path folder, CheckpointManifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /**
   * Returns the moment.
   *
   * @return updates made before it was saved
   */
  public long step() {
    return manifest.step();
  }

  /**
   * Returns the small values saved with it.
   *
   * @return values by name
   */
  public Map<String, String> values() {
    return Map.copyOf(manifest.values());
  }

  /**
   * Returns what it consists of.
   *
   * @return file names, the manifest's not included
   */
  public Set<String> fileNames() {
    return Set.copyOf(manifest.files().keySet());
  }

  /**
   * Returns where a file lies.
   *
   * @param fileName its name
   * @return its path
   * @throws RunFolderException when the checkpoint has no such file
   */
  public Path file(String fileName) {
    if (!manifest.files().containsKey(fileName)) {
      throw new RunFolderException(
          "the checkpoint " + folder + " must hold " + fileName + " but holds " + fileNames());
    }
    return folder.resolve(fileName);
  }

  /**
   * Reads a text file.
   *
   * @param fileName its name
   * @return its content
   * @throws RunFolderException when it is absent or cannot be read
   */
  public String text(String fileName) {
    try {
      return Files.readString(file(fileName));
    } catch (IOException e) {
      throw new RunFolderException(
          "could not read " + fileName + " of " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Fills tensors from a file written by {@link CheckpointPart#tensors}.
   *
   * @param fileName its name
   * @param tensors the same names and sizes as were saved
   * @throws RunFolderException when the file is absent or holds other names or sizes
   */
  public void read(String fileName, List<StateTensor> tensors) {
    StateFile.read(file(fileName), tensors);
  }
}
