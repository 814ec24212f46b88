#!/usr/bin/env python3
"""check-mail.py FOLDER: every .eml below it is read by Python's email package without a defect and holds what bulk mail needs."""
import email, email.policy, pathlib, sys

files = sorted(pathlib.Path(sys.argv[1]).rglob("*.eml"))
faults = []
for file in files:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    found = [str(defect) for part in message.walk() for defect in part.defects]
    found += [f"{name}: {defect}" for name, value in message.items() for defect in getattr(value, "defects", [])]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    if message.get_content_type() != "multipart/alternative" or plain is None or html is None:
        found.append("not both versions")
    elif not plain.get_content().strip() or "<table" not in html.get_content():
        found.append("an empty version")
    elif any("{{" in part.get_content() for part in (plain, html)):
        found.append("an unfilled template")
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe"):
        if len(message.get_all(name, [])) != 1:
            found.append(f"not one '{name}'")
    if message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        found.append("no one-click unsubscription")
    faults += [f"{file}: {fault}" for fault in found]
print("\n".join(faults[:20]) or f"{len(files)} messages, 0 defects")
sys.exit(1 if faults or not files else 0)
