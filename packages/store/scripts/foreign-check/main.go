// Judges a log of ours with code that is not ours: golang.org/x/mod/sumdb/note and /tlog (Debian: golang-golang-x-mod-dev).
//
//	cd packages/store/scripts/foreign-check
//	GO111MODULE=off GOFLAGS=-mod=mod GOPATH=/usr/share/gocode go run main.go FOLDER
//
// FOLDER is what million-leaves.mjs has made. The checkpoint is opened with the pinned key; the Go library reads our tiles from the disk, verifies every one of them against the
// signed root, and makes its own proofs from them, which must equal ours; ours are verified by it, and each of them must be rejected when a bit of it is another one.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// c2sp.org/tlog-tiles: 256 hashes to a tile. Go's own path begins with the height, "tile/8/0/…", which C2SP leaves out.
const height = 8

type folderTiles string

func (folder folderTiles) Height() int { return height }

func (folder folderTiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder folderTiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(folder), pathOf(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func pathOf(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

type proof struct {
	Kind    string
	Index   int64
	OldSize int64
	Size    int64
	Leaf    []byte
	Hashes  []tlog.Hash
}

func main() {
	folder := os.Args[1]
	logFolder := filepath.Join(folder, "log")
	size, root := openCheckpoint(folder, mustRead(filepath.Join(logFolder, "checkpoint")))
	fmt.Printf("checkpoint: signed, %d leaves, root %v\n", size, root)
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, folderTiles(logFolder))

	inclusions, consistencies, rejected := 0, 0, 0
	file, err := os.Open(filepath.Join(folder, "proofs.jsonl"))
	check(err)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one proof
		check(json.Unmarshal(lines.Bytes(), &one))
		if one.Size != size {
			log.Fatalf("a proof is of %d leaves", one.Size)
		}
		var verify func([]tlog.Hash) error
		var theirs []tlog.Hash
		switch one.Kind {
		case "inclusion":
			leaf := tlog.RecordHash(one.Leaf)
			theirs, err = tlog.ProveRecord(size, one.Index, reader)
			verify = func(hashes []tlog.Hash) error { return tlog.CheckRecord(hashes, size, root, one.Index, leaf) }
			checkEntry(logFolder, size, one.Index, one.Leaf)
			inclusions++
		case "consistency":
			var oldRoot tlog.Hash
			oldRoot, err = tlog.TreeHash(one.OldSize, reader)
			check(err)
			theirs, err = tlog.ProveTree(size, one.OldSize, reader)
			verify = func(hashes []tlog.Hash) error { return tlog.CheckTree(hashes, size, root, one.OldSize, oldRoot) }
			consistencies++
		default:
			log.Fatalf("a proof of kind %q", one.Kind)
		}
		check(err)
		check(verify(one.Hashes))
		if fmt.Sprint(theirs) != fmt.Sprint(one.Hashes) {
			log.Fatalf("%+v is not the proof that Go makes", one)
		}
		for at := range one.Hashes {
			changed := append([]tlog.Hash(nil), one.Hashes...)
			changed[at][at] ^= 1
			if verify(changed) == nil {
				log.Fatalf("%+v is believed although hash %d is another one", one, at)
			}
			rejected++
		}
	}
	check(lines.Err())
	fmt.Printf("proofs: %d inclusion and %d consistency proofs verified, and equal to those that Go makes from the tiles; %d changed ones rejected\n", inclusions, consistencies, rejected)
	fmt.Printf("bundles: %d verified offline\n", checkBundles(folder))
}

// The note must be signed by the pinned key; the third line is the root in base64.
func openCheckpoint(folder string, data []byte) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(string(mustRead(filepath.Join(folder, "verifier-key"))))
	check(err)
	opened, err := note.Open(data, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		log.Fatalf("the origin is %q", lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return size, root
}

// The leaf that we say stands at an index is the one of the entry bundle.
func checkEntry(logFolder string, size int64, index int64, leaf []byte) {
	tile := tlog.Tile{H: height, L: -1, N: index >> height, W: 1 << height}
	if width := size - tile.N<<height; width < int64(tile.W) {
		tile.W = int(width)
	}
	// Go calls what C2SP calls entries "data".
	path := strings.Replace(pathOf(tile), "tile/data/", "tile/entries/", 1)
	data := mustRead(filepath.Join(logFolder, path))
	for at := int64(0); ; at++ {
		length := int(binary.BigEndian.Uint16(data))
		if at == index-tile.N<<height {
			if !bytes.Equal(data[2:2+length], leaf) {
				log.Fatalf("entry %d is another one", index)
			}
			return
		}
		data = data[2+length:]
	}
}

// c2sp.org/tlog-proof.
func checkBundles(folder string) int {
	paths, err := filepath.Glob(filepath.Join(folder, "bundles", "*.tlog-proof"))
	check(err)
	for _, path := range paths {
		head, checkpoint, _ := strings.Cut(string(mustRead(path)), "\n\n")
		size, root := openCheckpoint(folder, []byte(checkpoint))
		lines := strings.Split(head, "\n")
		if lines[0] != "c2sp.org/tlog-proof@v1" {
			log.Fatalf("%s begins with %q", path, lines[0])
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		check(err)
		var hashes []tlog.Hash
		for _, line := range lines[2:] {
			hash, err := tlog.ParseHash(line)
			check(err)
			hashes = append(hashes, hash)
		}
		reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, folderTiles(filepath.Join(folder, "log")))
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		check(err)
		check(tlog.CheckRecord(hashes, size, root, index, leaf[0]))
	}
	return len(paths)
}

func mustRead(path string) []byte {
	data, err := os.ReadFile(path)
	check(err)
	return data
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
