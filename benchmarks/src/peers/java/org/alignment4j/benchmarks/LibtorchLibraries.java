package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a process finds libtorch. OpenMP's threads wait passively, without which they spin against
 * those of OpenBLAS on a small machine.
 *
 * @param folder of another build of libtorch than the dependency's, of the same version; or empty
 */
record LibtorchLibraries(String folder) {

  /** Options of the virtual machine. */
  List<String> options() throws IOException {
    List<String> options = new ArrayList<>();
    options.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    if (!folder.isEmpty()) {
      options.add("-Djava.library.path=" + path());
      options.add("-Dorg.bytedeco.javacpp.pathsFirst=true");
    }
    return options;
  }

  /** Variables. */
  Map<String, String> environment() throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("OMP_WAIT_POLICY", "PASSIVE");
    if (!folder.isEmpty()) {
      environment.put("LD_LIBRARY_PATH", path().toString());
    }
    return environment;
  }

  private Path path() throws IOException {
    Path path = Path.of(folder).toAbsolutePath();
    if (!Files.isDirectory(path)) {
      throw new IOException(
          "the libraries of another build of libtorch must be in "
              + path
              + "; the profile peers-official puts them to target/libtorch");
    }
    return path;
  }
}
