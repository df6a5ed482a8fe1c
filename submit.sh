#!/usr/bin/env bash
#
# Runs a Lakeprop command on Spark: ./submit.sh --help
#
# Builds the jar when the sources are newer, finds a Spark (yours, or else the one that Maven put
# into target/spark), picks the Spark settings for the kind of master from conf/, and becomes that
# Spark: signals go to it and its exit code is ours. The working directory stays the caller's.
set -euo pipefail

main_class=io.lakeprop.job.Main

say() { printf '%s\n' "$*" >&2; }
die() { say "submit.sh: $*"; exit 1; }
refuse() { say "submit.sh: $*"; exit 2; } # what the caller can mend

# ---- Where we are: the project's folder, through any symlinks ----------------------------------

self=${BASH_SOURCE[0]}
while [[ -L $self ]]; do
  link=$(readlink "$self")
  [[ $link == /* ]] || link=$(dirname "$self")/$link
  self=$link
done
root=$(cd -P "$(dirname "$self")" && pwd)
jar=$root/target/lakeprop.jar
embedded_home=$root/target/spark

# ---- What was asked: Spark's options may stand anywhere, the rest is the application's ---------

usage() {
  cat <<'END'
Usage: ./submit.sh [Spark options] COMMAND [arguments]

Spark options may stand anywhere before a "--"; all else goes to the command.
  --master M               local[*] (default), local-cluster[2,1,1024], spark://host:7077, yarn, k8s://...
  --conf KEY=VALUE         one Spark setting, over the file below (repeatable)
  --properties-file FILE   Spark settings instead of conf/{local,standalone,yarn,kubernetes}.properties
  --driver-memory, --executor-memory, --executor-cores, --num-executors, --total-executor-cores,
  --deploy-mode, --queue, --name, --jars, --packages, --files, --driver-java-options, --verbose, ...
                           as in spark-submit
Uses $SPARK_HOME, else the spark-submit on the PATH, else a Spark of its own in target/spark.

END
}

spark_args=()
app_args=()
master=
deploy_mode=
jars=     # local files, and what
packages= # Maven has to fetch
excluded_packages=
repositories=
packages_conf= # whether settings of Spark's own say more of packages
properties_file=
executor_options_given=

note_conf() { # a KEY=VALUE that this script has to know of
  case $1 in
    spark.master=*) [[ -n $master ]] || master=${1#*=} ;;
    spark.submit.deployMode=*) [[ -n $deploy_mode ]] || deploy_mode=${1#*=} ;;
    spark.executor.defaultJavaOptions=*) executor_options_given=1 ;;
    spark.jars=*) [[ -n $jars ]] || jars=${1#*=} ;;
    spark.jars.*=*) packages_conf=1 ;;
    *=*) ;;
    *) refuse "--conf must be KEY=VALUE, however: $1" ;;
  esac
}

while (($# > 0)); do
  case $1 in
    --)
      shift
      app_args+=("$@")
      break
      ;;
    --verbose | --supervise | --load-spark-defaults)
      spark_args+=("$1")
      ;;
    --archives | --archives=* | --conf | --conf=* | --deploy-mode | --deploy-mode=* | \
      --driver-class-path | --driver-class-path=* | --driver-cores | --driver-cores=* | \
      --driver-java-options | --driver-java-options=* | --driver-library-path | \
      --driver-library-path=* | --driver-memory | --driver-memory=* | --exclude-packages | \
      --exclude-packages=* | --executor-cores | --executor-cores=* | --executor-memory | \
      --executor-memory=* | --files | --files=* | --jars | --jars=* | --keytab | --keytab=* | \
      --master | --master=* | --name | --name=* | --num-executors | --num-executors=* | \
      --packages | --packages=* | --principal | --principal=* | --properties-file | \
      --properties-file=* | --proxy-user | --proxy-user=* | --queue | --queue=* | \
      --repositories | --repositories=* | --total-executor-cores | --total-executor-cores=*)
      option=${1%%=*}
      if [[ $1 == *=* ]]; then
        value=${1#*=}
      else
        (($# > 1)) || refuse "$option must have a value"
        value=$2
        shift
      fi
      [[ -n $value ]] || refuse "$option must have a value"
      case $option in
        --jars) jars=$value ;;
        --packages) packages=${value//\//:} ;;
        --exclude-packages) excluded_packages=$value ;;
        --repositories) repositories=$value ;;
        *) spark_args+=("$option" "$value") ;;
      esac
      case $option in
        --master) master=$value ;;
        --deploy-mode) deploy_mode=$value ;;
        --properties-file) properties_file=$value ;;
        --conf) note_conf "$value" ;;
      esac
      ;;
    *)
      app_args+=("$1")
      ;;
  esac
  shift
done

case ${app_args[0]-} in
  --help | -h) usage ;;
esac

# ---- Which Spark -------------------------------------------------------------------------------

spark_submit=
# The Spark of our own is no installation; it is found without being named.
[[ -z ${SPARK_HOME-} || ! $SPARK_HOME -ef $embedded_home ]] || unset SPARK_HOME
if [[ -n ${SPARK_HOME-} ]]; then
  spark_submit=$SPARK_HOME/bin/spark-submit
  [[ -f $spark_submit && -x $spark_submit ]] ||
    refuse "SPARK_HOME must be a Spark installation, however: $SPARK_HOME has no bin/spark-submit (set it to another one, or unset it)"
elif command -v spark-submit >/dev/null; then
  spark_submit=$(command -v spark-submit)
fi

# Spark and Maven take it, and would end at it later.
[[ -z ${JAVA_HOME-} || -x $JAVA_HOME/bin/java ]] ||
  refuse "JAVA_HOME must be a JDK, however: $JAVA_HOME has no bin/java (set it to another one, or unset it)"

java_command() { # the java to run, or to build with
  if [[ -n ${JAVA_HOME-} ]]; then
    printf '%s' "$JAVA_HOME/bin/java"
  else
    command -v java || true
  fi
}

# Spark asks Java who the user is by a call that is gone from Java 24 on. The release file of a JDK
# is read where there is one: it costs no JVM.
java_version() { # of a java command, such as 17; empty when it does not say
  local real=$1 home line version=
  real=$(readlink -f "$real" 2>/dev/null || printf '%s' "$real")
  home=${real%/bin/java}
  if [[ -r $home/release ]]; then
    while IFS= read -r line; do
      [[ $line != JAVA_VERSION=* ]] || version=${line#*\"}
    done <"$home/release"
  fi
  [[ -n $version ]] || version=$("$1" -version 2>&1 | sed -n 's/.* version "\([^"]*\).*/\1/p')
  version=${version%%[^0-9.]*}
  version=${version#1.} # Java 8 calls itself 1.8
  printf '%s' "${version%%.*}"
}

require_java() { # of at most this version
  local most=$1 java version range
  java=$(java_command)
  [[ -n $java ]] || refuse "no java found: install a JDK of version 17, or set JAVA_HOME"
  version=$(java_version "$java")
  range="17 to $most for this Spark"
  ((most < 99)) || range="17 or newer"
  ((${version:-0} >= 17 && version <= most)) ||
    refuse "Java must be $range, however: $java is ${version:-unknown} (set JAVA_HOME to another one)"
}

# Before anything is built or started. A Spark of the cluster's is looked at further down.
if [[ -z $spark_submit ]]; then
  require_java 23
else
  require_java 99
fi

# ---- The jar, and the Spark of our own ---------------------------------------------------------

jar_is_stale() {
  [[ ! -f $jar || $root/pom.xml -nt $jar ]] ||
    [[ -d $root/src/main && -n $(find "$root/src/main" -newer "$jar" -print -quit) ]]
}

spark_is_missing() {
  [[ -z $spark_submit ]] && ! compgen -G "$embedded_home/jars/spark-launcher_*.jar" >/dev/null
}

build() {
  local skip_embedded=false
  if ! command -v mvn >/dev/null; then
    [[ -f $jar ]] || refuse "no target/lakeprop.jar, and no mvn to build it with: install Maven 3.8 or newer"
    ! spark_is_missing || refuse "no Spark: set SPARK_HOME, or install Maven 3.8 or newer to fetch one"
    return # a jar that came without Maven is the jar to use
  fi
  [[ -x $(dirname "$(java_command)")/javac ]] || command -v javac >/dev/null ||
    refuse "no javac found: building target/lakeprop.jar takes a JDK, not only a Java runtime"
  mkdir -p "$root/target"
  if command -v flock >/dev/null; then
    exec 9>"$root/target/.submit.lock"
    flock 9
  fi
  if jar_is_stale || spark_is_missing; then # else another submit.sh has just built them
    if spark_is_missing; then
      say "building target/lakeprop.jar and fetching Spark into target/spark ..."
    else
      say "building target/lakeprop.jar ..."
    fi
    [[ -z $spark_submit ]] || skip_embedded=true
    # A run in progress keeps reading the file that it opened.
    [[ ! -f $jar ]] || mv -f "$jar" "$jar.previous"
    mvn -B -q -Dstyle.color=never -f "$root/pom.xml" package -Dmaven.test.skip=true -Dspotless.check.skip=true \
      "-Dspark.embedded.skip=$skip_embedded" >&2 || die "the build failed, see above"
  fi
  exec 9>&- # the lock must not live as long as the training
}

if jar_is_stale || spark_is_missing; then
  build
fi

# ---- What needs no Spark: help, and what is refused before a table is looked at -----------------

answers_without_spark() {
  local argument command=
  for argument in ${app_args[@]+"${app_args[@]}"}; do
    case $argument in
      --help | -h) return 0 ;;
      @*) return 1 ;; # arguments in a file
      -*) ;;
      *) [[ -n $command ]] || command=$argument ;;
    esac
  done
  case $command in
    evaluate | predict | describe | bench) return 1 ;;
    train | find-rate) ;;
    *) return 0 ;; # no command, or none that is known
  esac
  for argument in "${app_args[@]}"; do
    [[ ! -e $argument || $argument == "$command" ]] || return 1 # a job file
  done
}

home=$embedded_home
if [[ -n $spark_submit ]]; then
  real=$spark_submit
  while [[ -L $real ]]; do
    link=$(readlink "$real")
    [[ $link == /* ]] || link=$(dirname "$real")/$link
    real=$link
  done
  home=${SPARK_HOME:-$(cd -P "$(dirname "$real")/.." && pwd)}
fi
if compgen -G "$home/jars/spark-core_*.jar" >/dev/null && answers_without_spark; then
  exec "$(java_command)" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto \
    -cp "$jar:$home/jars/*" "$main_class" ${app_args[@]+"${app_args[@]}"}
fi

# ---- Which settings ----------------------------------------------------------------------------

spark_version= # of the cluster's Spark, such as 4.1.0
spark_conf=    # its configuration folder
if [[ -n $spark_submit ]]; then
  spark_conf=${SPARK_CONF_DIR:-$home/conf}
  core=$(compgen -G "$home/jars/spark-core_*.jar" | head -n 1 || true)
  if [[ -n $core ]]; then
    core=${core##*/spark-core_}
    spark_version=${core#*-}
    spark_version=${spark_version%.jar}
    [[ $core == 2.13-[4-9].* ]] ||
      refuse "Spark must be 4.0 or newer for Scala 2.13, however: $spark_submit is $spark_version for Scala ${core%%-*}"
    # Its own set-up may name another Java.
    if [[ $spark_version == 4.[01].* ]] && ! grep -qs 'JAVA_HOME=' "$spark_conf/spark-env.sh"; then
      require_java 23
    fi
  fi
fi

cluster_names_a_master() {
  [[ -n $spark_conf && -f $spark_conf/spark-defaults.conf ]] &&
    grep -Eq '^[[:space:]]*spark\.master[[:space:]=:]' "$spark_conf/spark-defaults.conf"
}

if [[ -z $properties_file ]]; then
  case $master in
    '') cluster_names_a_master || properties_file=local ;;
    local-cluster* | spark://*) properties_file=standalone ;;
    local*) properties_file=local ;;
    yarn*) properties_file=yarn ;;
    k8s://*) properties_file=kubernetes ;;
  esac
  if [[ -n $properties_file ]]; then
    [[ $properties_file != local || -n $master ]] || master='local[*]'
    spark_args+=(--properties-file "$root/conf/$properties_file.properties")
    # Our file comes first, then the cluster's own defaults (Spark 4.0 and newer know how).
    [[ -z $spark_version ]] || spark_args+=(--load-spark-defaults)
  fi
fi

# A machine or container may know no name for the user's number, and Java then takes "?" for the
# user's home, where Spark wants to keep files, and no name for the user, whom Hadoop asks for.
uid=$(id -u)
passwd_entry() { # of this user, where it is to be had
  if command -v getent >/dev/null; then
    getent passwd "$uid" || true
  else
    grep "^[^:]*:[^:]*:$uid:" /etc/passwd 2>/dev/null || true
  fi
}
if [[ -z $(passwd_entry) ]]; then
  if [[ ${HOME-} != /* || ! -d $HOME || ! -w $HOME ]]; then
    HOME=${TMPDIR:-/tmp}/lakeprop-home-$uid # 0700, and ours: nobody else can have put anything there
    mkdir -m 700 "$HOME" 2>/dev/null || true
    if [[ -L $HOME || ! -d $HOME || ! -O $HOME ]] || ! chmod 700 "$HOME"; then
      HOME=$(mktemp -d "${TMPDIR:-/tmp}/lakeprop-home-$uid.XXXXXXXX") ||
        refuse "user $uid must have a folder to write to, however: none can be made in ${TMPDIR:-/tmp} (set HOME)"
    fi
    export HOME
  fi
  export HADOOP_USER_NAME=${HADOOP_USER_NAME:-user-$uid}
  export SPARK_USER=${SPARK_USER:-$HADOOP_USER_NAME}
  SPARK_SUBMIT_OPTS="\"-Duser.home=$HOME\" -Duser.name=$HADOOP_USER_NAME${SPARK_SUBMIT_OPTS:+ $SPARK_SUBMIT_OPTS}"
fi

# Where the locale is plain ASCII, Java cannot even name a file with other letters.
if [[ $(locale charmap 2>/dev/null || true) == ANSI_X3.4-1968 ]] &&
  locale -a 2>/dev/null | grep -qix 'c\.utf-\?8'; then
  export LC_ALL=C.UTF-8
fi

# The console's logging. A -D of the user's own comes later on the command line, and wins.
file_uri() {
  local LC_ALL=C path=$1 uri=file:// i c
  for ((i = 0; i < ${#path}; i++)); do
    c=${path:i:1}
    case $c in
      [A-Za-z0-9/._~-]) uri+=$c ;;
      *) uri+=$(printf '%%%02X' "$(($(printf '%d' "'$c") & 255))") ;;
    esac
  done
  printf '%s' "$uri"
}
logging=-Dlog4j2.configurationFile=$(file_uri "$root/conf/log4j2.properties")
export SPARK_SUBMIT_OPTS="$logging${SPARK_SUBMIT_OPTS:+ $SPARK_SUBMIT_OPTS}"
# Executors on this machine can read the file, too; elsewhere they log as their cluster does.
if [[ $master == local-cluster* && -z $executor_options_given ]]; then
  spark_args+=(--conf "spark.executor.defaultJavaOptions=$logging")
fi

# A task is one core: a threaded BLAS would fight with the other tasks.
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}
# The application may draw a progress line, as wide as the terminal is now.
if [[ -t 1 ]]; then
  export LAKEPROP_TTY=1
  # Rows and columns; 0 where the terminal does not say.
  { size=$(stty size <&3 2>/dev/null || true); } 3>&1
  [[ ! ${size#* } =~ ^[1-9][0-9]*$ ]] || export COLUMNS=${size#* }
fi

# ---- Packages ----------------------------------------------------------------------------------

# Spark would fetch packages with Ivy, which takes a POM in Maven's local repository for a whole
# package, and fails where a build has needed the POM alone. Maven fetches what is missing, and knows
# the mirrors and passwords of the user's settings. A cluster that starts the driver itself, or a
# machine without Maven, is left to Ivy.
fetched= # jar files, separated by commas
coordinate_pattern='^([^:[:space:]]+):([^:[:space:]]+):([^:[:space:]]+)$'

xml() { # a text of XML
  local text=${1//&/&amp;}
  text=${text//</&lt;}
  printf '%s' "${text//>/&gt;}"
}

packages_pom() {
  local coordinate group artifact version name number=0
  local of_spark=(catalyst core graphx hive kvstore launcher mllib mllib-local network-common
    network-shuffle repl sketch sql sql-api streaming tags unsafe)
  echo '<project><modelVersion>4.0.0</modelVersion><groupId>packages</groupId>'
  echo '<artifactId>packages</artifactId><version>1</version><packaging>pom</packaging><repositories>'
  while IFS= read -r name; do
    [[ -z $name ]] || echo "<repository><id>given-$((++number))</id><url>$(xml "$name")</url></repository>"
  done <<<"${repositories//,/$'\n'}"
  echo '</repositories><dependencies>'
  while IFS= read -r coordinate; do
    [[ $coordinate =~ $coordinate_pattern ]]
    group=${BASH_REMATCH[1]} artifact=${BASH_REMATCH[2]} version=${BASH_REMATCH[3]}
    echo "<dependency><groupId>$(xml "$group")</groupId><artifactId>$(xml "$artifact")</artifactId>"
    echo "<version>$(xml "$version")</version><exclusions>"
    # What this Spark has itself, and what the user leaves out.
    echo '<exclusion><groupId>org.scala-lang</groupId><artifactId>scala-library</artifactId></exclusion>'
    for name in "${of_spark[@]}"; do
      echo "<exclusion><groupId>org.apache.spark</groupId><artifactId>spark-${name}_2.13</artifactId></exclusion>"
    done
    while IFS= read -r name; do
      [[ -z $name ]] ||
        echo "<exclusion><groupId>$(xml "${name%%:*}")</groupId><artifactId>$(xml "${name#*:}")</artifactId></exclusion>"
    done <<<"${excluded_packages//,/$'\n'}"
    echo '</exclusions></dependency>'
  done <<<"${packages//,/$'\n'}"
  echo '</dependencies></project>'
}

packages_are_maven_s() {
  local file
  [[ -n $packages && $packages != *-SNAPSHOT* && $deploy_mode != cluster && -z $packages_conf ]] ||
    return 1
  for file in "$properties_file" "$spark_conf/spark-defaults.conf"; do
    [[ ! -f $file ]] || ! grep -Eq '^[[:space:]]*spark\.jars([.[:space:]=:]|$)' "$file" || return 1
  done
  command -v mvn >/dev/null && mkdir -p "$root/target/packages" 2>/dev/null &&
    [[ -w $root/target/packages ]]
}

fetch_packages() { # sets $fetched
  local folder aside key file coordinate
  packages=${packages%,}
  while IFS= read -r coordinate; do
    [[ $coordinate =~ $coordinate_pattern ]] ||
      refuse "--packages must be GROUP:ARTIFACT:VERSION, however: $coordinate"
  done <<<"${packages//,/$'\n'}"
  key=$(printf '%s\n' "$packages" "$excluded_packages" "$repositories" | cksum)
  folder=$root/target/packages/${key% *}
  if [[ ! -d $folder ]]; then
    say "fetching $packages ..."
    # Under a name that nobody else has: two may begin at once. An address may have a password.
    aside=$(mktemp -d "$root/target/packages/.XXXXXXXX") || die "target/packages cannot be written"
    packages_pom >"$aside/pom.xml"
    if ! mvn -B -q -Dstyle.color=never -f "$aside/pom.xml" \
      org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies \
      -DincludeScope=runtime -Dmdep.useBaseVersion=true "-DoutputDirectory=$aside/jars" >&2; then
      rm -rf "$aside"
      die "the packages cannot be had, see above (--packages is $packages)"
    fi
    mv -T "$aside/jars" "$folder" 2>/dev/null || [[ -d $folder ]] || mv "$aside/jars" "$folder"
    rm -rf "$aside"
  fi
  for file in "$folder"/*.jar; do
    fetched+=${fetched:+,}$file
  done
}

if packages_are_maven_s; then
  fetch_packages
else
  [[ -z $packages ]] || spark_args+=(--packages "$packages")
  [[ -z $excluded_packages ]] || spark_args+=(--exclude-packages "$excluded_packages")
  [[ -z $repositories ]] || spark_args+=(--repositories "$repositories")
fi
[[ -z $jars$fetched ]] || spark_args+=(--jars "$jars${jars:+${fetched:+,}}$fetched")

# ---- Go ----------------------------------------------------------------------------------------

run=(${spark_args[@]+"${spark_args[@]}"} --class "$main_class" "$jar" ${app_args[@]+"${app_args[@]}"})

if [[ -n $spark_submit ]]; then
  command=("$spark_submit" "${run[@]}")
else
  case $master in
    yarn* | k8s://*) refuse "$master needs a Spark installation that knows the cluster: set SPARK_HOME" ;;
  esac
  export SPARK_HOME=$embedded_home
  export SPARK_SCALA_VERSION=2.13
  # Settings of some other Spark.
  unset SPARK_CONF_DIR SPARK_DIST_CLASSPATH
  case $master in
    local*) export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1} ;;
  esac

  # Spark's launcher works out the java command. It prints a line with a NUL, and then the words
  # of the command, each ended by a NUL; we add its exit code as the last word.
  launch() {
    "$(java_command)" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \
      org.apache.spark.deploy.SparkSubmit "${run[@]}" || { printf '\n%d\0' "$?"; return; }
    printf '0\0'
  }
  command=()
  {
    while IFS= read -r line && [[ -n $line ]]; do say "$line"; done
    while IFS= read -r -d '' word; do command+=("$word"); done
  } < <(launch)
  status=${command[${#command[@]} - 1]}
  unset "command[${#command[@]}-1]"
  ((status == 0)) || exit "$status"
fi

# Spark gives every JVM the vector module, and the JVM says so first of all, but for what it says of
# options from the environment (JAVA_TOOL_OPTIONS). That one line is left out; the rest passes byte
# for byte. At its end the application closes its standard error, and waits until the file is gone:
# whoever reads a log behind us finds it whole.
# The first process of a container is not filtered: what is behind it dies with it.
if [[ $$ == 1 && ! -t 2 ]]; then
  exec "${command[@]}"
fi
export LAKEPROP_STDERR_OPEN
LAKEPROP_STDERR_OPEN=$(mktemp "${TMPDIR:-/tmp}/lakeprop-stderr.XXXXXXXX" 2>/dev/null) || LAKEPROP_STDERR_OPEN=
exec 3> >(
  trap '' HUP INT TERM
  trap 'rm -f "$LAKEPROP_STDERR_OPEN"' EXIT
  exec >&2
  while IFS= read -r line; do
    said=$line
    line=
    [[ $said != 'WARNING: Using incubator modules: jdk.incubator.vector' ]] || break
    printf '%s\n' "$said"
    [[ $said == 'Picked up '* || $said == 'NOTE: Picked up '* ]] || break
  done
  printf '%s' "$line" # half a line, where that is all
  cat
)
exec "${command[@]}" 2>&3 3>&-
