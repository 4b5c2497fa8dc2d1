package org.alignment4j.runtime.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.files.UninterruptibleFile;
import org.jspecify.annotations.Nullable;

/** The changes to the disk that saving a checkpoint makes, so that tests can break off each. */
class CheckpointDisk {

  void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  OutputStream create(Path file) throws IOException {
    return Channels.newOutputStream(
        UninterruptibleFile.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  void forceFile(Path file) throws IOException {
    try (UninterruptibleFile opened = UninterruptibleFile.open(file, StandardOpenOption.WRITE)) {
      opened.force(true);
    }
  }

  /** Makes the entries of a folder durable, where the system can open folders. */
  void forceFolder(Path folder) throws IOException {
    AtomicFiles.forceFolder(folder);
  }

  void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
