package io.lakeprop.nn;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A native BLAS and the way to its sgemm: netlib's JNI, which takes windows of Java arrays without
 * a copy.
 *
 * <p>The classes around native code cannot be renamed inside our jar, and a cluster may have other
 * versions of them (Spark's own installation has netlib). So each library gets a class loader of
 * its own that sees our jar and the JDK, nothing else, and is reached through a method handle.
 */
final class NativeBlas {
  private static final String LIBRARY_PROPERTY = "dev.ludovic.netlib.blas.nativeLibPath";

  /** Where the jar's libraries are unpacked; by default a folder of a name that all know. */
  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";

  private static final MethodType SGEMM =
      MethodType.methodType(
          void.class,
          String.class,
          String.class,
          int.class,
          int.class,
          int.class,
          float.class,
          float[].class,
          int.class,
          int.class,
          float[].class,
          int.class,
          int.class,
          float.class,
          float[].class,
          int.class,
          int.class);

  private static final List<String> NETLIB =
      List.of("dev/ludovic/netlib/blas/NativeBLAS.class", "org/netlib/util/floatW.class");

  private final MethodHandle sgemm;

  private NativeBlas(MethodHandle sgemm) {
    this.sgemm = sgemm;
  }

  /** OpenBLAS as the jar brings it, for this process on one thread a call. */
  static NativeBlas bundled() throws ReflectiveOperationException, IOException {
    return bundled(PrivateFolder.make());
  }

  /**
   * The same.
   *
   * @param folder to load it from; gone afterwards, where it can be
   */
  static NativeBlas bundled(PrivateFolder folder) throws ReflectiveOperationException, IOException {
    String platform = platform();
    List<String> needed = new ArrayList<>(NETLIB);
    needed.add("org/bytedeco/javacpp/Loader.class");
    needed.add("org/bytedeco/javacpp/" + platform + "/" + System.mapLibraryName("jnijavacpp"));
    needed.add("org/bytedeco/openblas/global/openblas_nolapack.class");
    needed.add("org/bytedeco/openblas/" + platform + "/" + openBlasFile());
    try {
      return unpacked(isolated(needed), folder);
    } finally {
      discard(folder);
    }
  }

  /**
   * Once a library is loaded nobody needs its file any more. NFS keeps it, under another name, as
   * long as it is loaded, and so the folder stays, in which this user alone can write.
   */
  private static void discard(PrivateFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      // What has been loaded is there all the same; a failure to load is the one to tell.
    }
  }

  private static synchronized NativeBlas unpacked(ClassLoader loader, PrivateFolder folder)
      throws ReflectiveOperationException, IOException {
    Map<?, ?> loaded =
        withProperty(
            CACHE_PROPERTY,
            folder.path().toString(),
            () -> {
              Class<?> javacpp = loader.loadClass("org.bytedeco.javacpp.Loader");
              Class<?> openblas =
                  loader.loadClass("org.bytedeco.openblas.global.openblas_nolapack");
              javacpp.getMethod("load", Class.class).invoke(null, openblas);
              openblas.getMethod("blas_set_num_threads", int.class).invoke(null, 1);
              return (Map<?, ?>) javacpp.getMethod("getLoadedLibraries").invoke(null);
            });
    String library =
        loaded.entrySet().stream()
            .filter(entry -> entry.getKey().toString().startsWith("openblas_nolapack"))
            .map(entry -> entry.getValue().toString())
            .findFirst()
            .orElseThrow(() -> new FileNotFoundException("no OpenBLAS among " + loaded));
    if (!Path.of(library).toRealPath().startsWith(folder.path().toRealPath())) {
      throw new IOException("OpenBLAS must come from the jar, however: it came from " + library);
    }
    return netlib(loader, library);
  }

  /** The library that the system's linker finds under BLAS's common name. */
  static NativeBlas system() throws ReflectiveOperationException, IOException {
    String library = System.mapLibraryName("blas") + (isMac() ? "" : ".3");
    return netlib(isolated(NETLIB), library);
  }

  /**
   * {@code c = a b + beta c}, column-major, as BLAS has it.
   *
   * @param ta "T" when a is to be transposed, else "N"
   */
  void sgemm(
      String ta,
      String tb,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float beta,
      float[] c,
      int cOffset,
      int ldc) {
    try {
      sgemm.invokeExact(
          ta, tb, m, n, k, 1f, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("sgemm failed", e);
    }
  }

  private static synchronized NativeBlas netlib(ClassLoader loader, String library)
      throws ReflectiveOperationException {
    return withProperty(
        LIBRARY_PROPERTY,
        library,
        () -> {
          Class<?> type = loader.loadClass("dev.ludovic.netlib.blas.NativeBLAS");
          Object blas = type.getMethod("getInstance").invoke(null);
          MethodHandle sgemm = MethodHandles.publicLookup().findVirtual(type, "sgemm", SGEMM);
          return new NativeBlas(sgemm.bindTo(blas));
        });
  }

  /** What finds a setting among the process's properties. */
  @FunctionalInterface
  private interface Work<T> {
    T done() throws ReflectiveOperationException;
  }

  private static <T> T withProperty(String property, String value, Work<T> work)
      throws ReflectiveOperationException {
    String before = System.setProperty(property, value);
    try {
      return work.done();
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  /** A loader of the jars that have these files: ours alone, or in a build the libraries' own. */
  private static ClassLoader isolated(List<String> needed) throws IOException {
    Set<URI> places = new LinkedHashSet<>();
    for (String name : needed) {
      places.add(place(name));
    }
    List<URL> urls = new ArrayList<>();
    for (URI place : places) {
      urls.add(place.toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  /** The jar that has a file: ours before any of the cluster's. */
  private static URI place(String name) throws IOException {
    URI own = uri(NativeBlas.class.getProtectionDomain().getCodeSource().getLocation());
    URI first = null;
    for (URL found : Collections.list(NativeBlas.class.getClassLoader().getResources(name))) {
      URI jar = uri(((JarURLConnection) found.openConnection()).getJarFileURL());
      if (jar.equals(own)) {
        return jar;
      }
      first = first == null ? jar : first;
    }
    if (first == null) {
      throw new FileNotFoundException("the jar has no " + name);
    }
    return first;
  }

  private static URI uri(URL url) throws IOException {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IOException("no place to load from: " + url, e);
    }
  }

  /** The folder of this machine's libraries in the jar; one that is not there for many machines. */
  private static String platform() {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    String system = isMac() ? "macosx" : os.toLowerCase(Locale.ROOT).replace(' ', '-');
    return switch (arch) {
      case "amd64", "x86_64" -> system + "-x86_64";
      case "aarch64", "arm64" -> system + "-arm64";
      default -> system + "-" + arch;
    };
  }

  private static String openBlasFile() {
    return isMac() ? "libopenblas.0.dylib" : "libopenblas.so.0";
  }

  private static boolean isMac() {
    return System.getProperty("os.name").startsWith("Mac");
  }
}
