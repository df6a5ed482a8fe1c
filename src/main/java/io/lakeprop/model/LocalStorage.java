package io.lakeprop.model;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The local disk, through the JDK alone. */
public final class LocalStorage implements Storage {
  /** Bytes of a name, and of a path with all its names, that a file may have. */
  private static final int LONGEST_NAME = 255;

  private static final int LONGEST_PATH = 4095;

  @Override
  public byte[] read(String path) throws IOException {
    try (InputStream in = open(path)) {
      return in.readAllBytes();
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    try {
      return Files.newInputStream(file(path));
    } catch (AccessDeniedException e) {
      throw new NotReadable(path, e);
    }
  }

  /** Opening a pipe waits for a writer, perhaps for ever, and a device may have no end. */
  private static Path file(String path) {
    Path file = Path.of(path);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw Storage.notAFile(path);
    }
    return file;
  }

  @Override
  public boolean createNew(String path, byte[] bytes) throws IOException {
    makeParents(Path.of(path));
    try {
      Files.write(Path.of(path), bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Override
  public void write(String path, Content content) throws IOException {
    makeParents(Path.of(path));
    try (FileOutputStream file = new FileOutputStream(path);
        OutputStream out = new BufferedOutputStream(file)) {
      content.write(out);
      out.flush();
      if (Files.isRegularFile(Path.of(path))) {
        file.getFD().sync(); // A pipe or a device has no disk to reach.
      }
    }
  }

  @Override
  public boolean showsClosedFilesOnly(String path) {
    return false;
  }

  private static void makeParents(Path file) throws IOException {
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
  }

  @Override
  public OutputStream create(String path) throws IOException {
    makeParents(Path.of(path));
    return Files.newOutputStream(Path.of(path));
  }

  @Override
  public boolean exists(String path) throws IOException {
    return isThere(Path.of(path));
  }

  /**
   * Whether a file or folder is there; the JDK's own answer is no wherever it cannot know.
   *
   * @throws NotReadable when this user may not look
   */
  public static boolean isThere(Path path) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (AccessDeniedException e) {
      throw new NotReadable(path.toString(), e);
    } catch (IOException e) {
      if (canBe(path)) {
        throw e;
      }
      return false;
    }
  }

  /** Whether a file system may have such a path at all: below a file, say, nothing is. */
  private static boolean canBe(Path path) {
    for (Path name : path) {
      if (bytes(name) > LONGEST_NAME) {
        return false;
      }
    }
    Path above = path.toAbsolutePath().getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return bytes(path) <= LONGEST_PATH && (above == null || Files.isDirectory(above));
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public List<String> list(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(folder))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (AccessDeniedException e) {
      throw new NotReadable(folder, e);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(Path.of(from), Path.of(to));
  }

  @Override
  public void replace(String from, String to) throws IOException {
    Files.move(
        Path.of(from),
        Path.of(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void deleteFile(String path) throws IOException {
    Files.deleteIfExists(Path.of(path));
  }

  @Override
  public void delete(String path) throws IOException {
    if (!exists(path)) {
      return;
    }
    try (Stream<Path> entries = Files.walk(Path.of(path))) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }
}
