#!/usr/bin/env python3
"""Vérifie hors ligne la preuve d’un fait de l’historique : python3 verifier.py preuve.json

Trois choses sont recalculées, avec la bibliothèque standard seule :
  1. les octets du fait donnent son empreinte ;
  2. cette empreinte est à sa place dans le journal (arbre de Merkle, RFC 6962) ;
  3. la racine obtenue est celle qu’écrit le point de contrôle.
La signature Ed25519 du point de contrôle (C2SP signed-note) se vérifie avec une clé obtenue par ailleurs :
`cpom audit verify --key …`, ou tout outil qui lit ce format.
"""

import base64
import hashlib
import json
import sys


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def root_of(leaf, index, size, path):
    """RFC 6962, section 2.1.1 ; None si le chemin n’a pas la bonne longueur."""
    last, node = size - 1, leaf
    for other in path:
        if last == 0:
            return None
        if index % 2 == 1 or index == last:
            node = sha256(b"\x01", other, node)
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            node = sha256(b"\x01", node, other)
        index, last = index // 2, last // 2
    return node if last == 0 else None


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        proof = json.load(file)
    event = base64.b64decode(proof["event"])
    previous = bytes.fromhex(proof["previousHash"])
    computed = sha256(b"cpom-event/v1\0", previous, len(event).to_bytes(8, "big"), event)
    lines = proof["checkpoint"].split("\n")
    origin, size, signed_root = lines[0], int(lines[1]), base64.b64decode(lines[2])
    path = [bytes.fromhex(item) for item in proof["hashes"]]
    index = proof["leafIndex"]
    is_inside = 0 <= index < size
    root = root_of(sha256(b"\x00", computed), index, size, path) if is_inside else None
    checks = [
        ("les octets donnent l’empreinte du fait", computed.hex() == proof["hash"]),
        ("le fait est à sa place dans le journal", root is not None and root == signed_root),
    ]
    for title, holds in checks:
        print("conforme    " if holds else "NON CONFORME", title)
    print(f"point de contrôle : {origin}, {size} faits ; sa signature reste à vérifier avec votre clé")
    sys.exit(0 if all(holds for _, holds in checks) else 1)


if __name__ == "__main__":
    main()
