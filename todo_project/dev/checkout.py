from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
LOGS = VAR / "log"
PAGE = VAR / "run.json"
PROCESSES = VAR / "processes.json"
